import type { System } from '../system.ts';
import { readAll, type Look } from './look.ts';

const folders = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];
/** What NixOS leaves behind after it signed somebody in once. */
const marker = '/run/agetty.autologged';
const credentialFolders = ['/etc/credstore', '/run/credstore', '/run/credentials/@system'];
const credential = 'agetty.autologin';

/** The text consoles, which systemd or init starts a getty for: agetty(8), systemd.unit(5), systemd.exec(5). */
export async function lookAtGetty(system: System): Promise<Look> {
  if ((await system.readFile(marker)).outcome !== 'absent') return { outcome: 'automatic', seen: marker };
  for (const folder of credentialFolders) {
    if ((await system.list(folder))?.includes(credential) === true)
      return { outcome: 'automatic', seen: `${folder}/${credential}` };
  }
  const files = await readAll(system, [...(await unitFiles(system)), '/etc/inittab']);
  const automatic = files.read.find(({ path, text }) =>
    path.endsWith('inittab') ? linesOf(text).some(signsIn) : commandsOf(text).some(signsIn),
  );
  if (automatic !== undefined) return { outcome: 'automatic', seen: automatic.path };
  return files.hidden === undefined
    ? { outcome: 'asks', seen: '/etc/systemd/system/*getty*' }
    : { outcome: 'hidden', path: files.hidden };
}

/** `getty@tty1.service` that replaces the packaged one, and `getty@.service.d/*.conf` that changes it. */
async function unitFiles(system: System): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = ((await system.list(folder)) ?? []).filter((name) =>
        /^(?:[a-z]+-)?(?:getty|autovt)@?[^/]{0,64}\.service(?:\.d)?$/.test(name),
      );
      const paths = names.map(async (name) => {
        const path = `${folder}/${name}`;
        if (!name.endsWith('.d')) return [path];
        return ((await system.list(path)) ?? [])
          .filter((each) => each.endsWith('.conf'))
          .map((each) => `${path}/${each}`);
      });
      return (await Promise.all(paths)).flat();
    }),
  );
  return found.flat();
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => !/^\s*[#;]/.test(line));
}

/** What a unit starts. An empty `ExecStart=` takes back what stands before it; a backslash goes on with the next line. */
function commandsOf(text: string): string[] {
  let commands: string[] = [];
  for (const line of linesOf(text).join('\n').replace(/\\\n/g, ' ').split('\n')) {
    const command = /^\s*ExecStart\s*=(.*)$/.exec(line)?.[1]?.trim();
    if (command === '') commands = [];
    else if (command !== undefined) commands.push(command);
  }
  return commands;
}

/** `-f` among the options for login(1) means that somebody was named already, not who; naming is `--autologin`. */
export function signsIn(command: string): boolean {
  const words = command.replace(/'[^']*'|"[^"]*"/g, 'quoted').split(/\s+/);
  const getty = words.findIndex((word) => /(?:^|[/@:-])(?:a|min)?getty$/.test(word));
  if (getty < 0) return false;
  return words.slice(getty + 1).some((word) => /^(?:--autologin(?:=.*)?|-a\S*)$/.test(word));
}
