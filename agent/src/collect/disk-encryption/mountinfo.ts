/** One line of /proc/self/mountinfo, proc_pid_mountinfo(5). */
export interface Mount {
  /** `8:1`; major 0 where the file system has no block device of its own. */
  device: string;
  mountPoint: string;
  fsType: string;
  /** A device, a ZFS dataset, a share, or whatever the file system calls it. */
  source: string;
  /** Whether the file system itself can be written, whatever single mounts of it allow. */
  writable: boolean;
}

/** Whether it is the whole of what the kernel writes: a line that was spoilt or cut off may be a volume. */
export function isWholeMountinfo(text: string): boolean {
  const lines = text.split('\n');
  const isLine = (line: string) => parseMountinfo(line).length === 1 && / - \S+ \S* r[ow](?:,|$)/.test(line);
  return lines.pop() === '' && lines.length > 0 && lines.every(isLine);
}

/** Reads mountinfo. Lines of another form are left out. */
export function parseMountinfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    // Any number of optional fields stands before the lone dash.
    const [before, after] = splitOnce(line, ' - ');
    const [, , device, , mountPoint] = before.split(' ');
    const [fsType, source, superOptions] = after.split(' ');
    if (device === undefined || !/^\d+:\d+$/.test(device) || !mountPoint || !fsType || source === undefined) return [];
    const writable = (superOptions ?? '').split(',').includes('rw');
    return [{ device, mountPoint: unescapeOctal(mountPoint), fsType, source: unescapeOctal(source), writable }];
  });
}

/** The kernel writes white space and backslashes of a path as `\040`: three octal digits for each byte. */
export function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const plain = bytes.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
}

/** The mount that holds a path: the deepest one, and of those on the same point the last, which hides the others. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    if (isWithin(path, mount.mountPoint) && mount.mountPoint.length >= (best?.mountPoint.length ?? 0)) best = mount;
  }
  return best;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
