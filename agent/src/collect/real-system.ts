import { spawn, type ChildProcess } from 'node:child_process';
import { access } from 'node:fs/promises';
import { constants, homedir, uptime } from 'node:os';
import { posix, win32 } from 'node:path';
import type { Platform } from '@postern/shared/checks/define';
import { systemClock, type Clock } from '@postern/shared/time';
import { errorCode } from '../error-code.ts';
import { absentOrRefused, realFiles } from './real-files.ts';
import type { CommandResult, System } from './system.ts';
import { systemTool } from './windows/system-root.ts';

// The only child processes of the agent start here: absolute path, argument array, no shell, a deadline.

const defaultDeadlineMs = 3_000;
const defaultMaxBytes = 256 * 1024;
/** A child that went on in the background keeps the pipes open; its parent has said all it will say. */
const lingerMs = 250;

/** What a desktop's tools need to find the session they are asked about. */
const passedThrough = /^(?:HOME|XDG_[A-Z_]+|DBUS_SESSION_BUS_ADDRESS|WAYLAND_DISPLAY|DISPLAY)$/;
const passedThroughOnWindows =
  /^(?:SystemRoot|SystemDrive|windir|ComSpec|TEMP|TMP|USERPROFILE|USERNAME|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles|PSModulePath|PROCESSOR_ARCHITECTURE)$/i;

/** The machine that this runs on. Fails on a system that has no collectors at all. */
export function realSystem(options: { clock?: Clock } = {}): System {
  const platform = platformOf(process.platform);
  return {
    ...realFiles,
    platform,
    clock: options.clock ?? systemClock,
    uid: process.geteuid?.() ?? -1,
    env: process.env,
    home: homedir(),
    uptimeSeconds: uptime,
    async run(program, args, { deadlineMs = defaultDeadlineMs, maxBytes = defaultMaxBytes, input, signal } = {}) {
      const paths = platform === 'windows' ? win32 : posix;
      if (!paths.isAbsolute(program)) throw new TypeError(`not an absolute path: ${program}`);
      // A start that fails costs twenty times such a look, and most collectors ask for tools that most machines lack.
      if (await isAbsent(program)) return { outcome: 'absent' };
      if (signal?.aborted === true) return { outcome: 'timed-out' };
      return runCommand(platform, program, args, { deadlineMs, maxBytes, input, signal });
    },
  };
}

async function isAbsent(program: string): Promise<boolean> {
  return access(program).then(
    () => false,
    (error: unknown) => errorCode(error) === 'ENOENT',
  );
}

export function platformOf(name: NodeJS.Platform): Platform {
  if (name === 'linux') return 'linux';
  if (name === 'darwin') return 'macos';
  if (name === 'win32') return 'windows';
  throw new Error(`Postern does not run on ${name}`);
}

function environment(platform: Platform): Record<string, string> {
  const windows = platform === 'windows';
  const kept = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && (windows ? passedThroughOnWindows : passedThrough).test(name) ? [[name, value]] : [],
  );
  const path = windows ? {} : { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  return { ...Object.fromEntries(kept), ...path, LC_ALL: 'C', LANG: 'C' };
}

function runCommand(
  platform: Platform,
  program: string,
  args: readonly string[],
  {
    deadlineMs,
    maxBytes,
    input,
    signal,
  }: { deadlineMs: number; maxBytes: number; input: string | undefined; signal: AbortSignal | undefined },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      shell: false,
      // Of its own group, so that what it starts can be killed with it.
      detached: platform !== 'windows',
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environment(platform),
      ...(platform === 'windows' ? {} : { cwd: '/' }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let length = 0;
    let linger: NodeJS.Timeout | undefined;

    const end = (result: CommandResult) => {
      clearTimeout(deadline);
      clearTimeout(linger);
      signal?.removeEventListener('abort', giveUp);
      resolve(result);
    };
    const stop = (result: CommandResult) => {
      killGroup(platform, child);
      child.stdout.destroy();
      child.stderr.destroy();
      end(result);
    };
    const giveUp = () => stop({ outcome: 'timed-out' });
    const exited = (code: number | null, signal: NodeJS.Signals | null): CommandResult => ({
      outcome: 'exited',
      code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
      stdout: new TextDecoder().decode(Buffer.concat(stdout)),
      stderr: new TextDecoder().decode(Buffer.concat(stderr)),
    });
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) stop({ outcome: 'too-much-output' });
      else into.push(chunk);
    };
    const deadline = setTimeout(giveUp, deadlineMs);
    signal?.addEventListener('abort', giveUp, { once: true });

    // It may end without reading what it is given; then that is its affair.
    child.stdin.on('error', () => undefined).end(input);
    child.stdout.on('data', collect(stdout));
    child.stderr.on('data', collect(stderr));
    child.on('close', (code, signal) => end(exited(code, signal)));
    child.on('exit', (code, signal) => {
      linger = setTimeout(() => stop(exited(code, signal)), lingerMs);
    });
    child.on('error', (error) => {
      const outcome = absentOrRefused(error);
      if (outcome !== undefined) return end({ outcome });
      clearTimeout(deadline);
      signal?.removeEventListener('abort', giveUp);
      reject(error);
    });
  });
}

/** Kills the command and all that it started and that did not leave its group. */
function killGroup(platform: Platform, child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (platform === 'windows') {
    const taskkill = systemTool({ env: process.env }, 'taskkill.exe');
    spawn(taskkill, ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () =>
      child.kill(),
    );
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // Nothing is left of it, or what is left belongs to another user: both are for the system to clean up.
    if (errorCode(error) !== 'ESRCH' && errorCode(error) !== 'EPERM') throw error;
  }
}
