// Read from recorded output; not run on the system itself.
import type { systemIntegrity } from '@postern/shared/checks/system-integrity';
import { humanLine } from '@postern/shared/text';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

type SystemIntegrity = z.infer<typeof systemIntegrity.value>;
type Protection = SystemIntegrity['protections'][number];
type State = Omit<Protection, 'name'>;

const method = 'csrutil status; spctl --status; nvram boot-args';
const untold: State = { intact: null, detail: null };

/**
 * Reads `csrutil status`. Anything but the plain "enabled" has parts of it switched off, also where it says
 * "enabled (Custom Configuration)".
 */
export function parseIntegrityProtection(text: string): State {
  const said = /^System Integrity Protection status: ([a-z]{1,20})(?: \(([A-Za-z ]{1,40})\))?\.\s*$/m.exec(text);
  const [, state, aside] = said ?? [];
  if (state === undefined || !['enabled', 'disabled', 'unknown'].includes(state)) return untold;
  if (aside !== undefined) return { intact: false, detail: aside.toLowerCase() };
  return state === 'unknown' ? untold : { intact: state === 'enabled', detail: state };
}

/** Reads `spctl --status`: whether programs from elsewhere are looked at before they start. */
export function parseGatekeeper(text: string): State {
  const states = [...text.matchAll(/^assessments (enabled|disabled)\s*$/gm)].map(([, state]) => state);
  const [state] = states;
  return states.length !== 1 || state === undefined ? untold : { intact: state === 'enabled', detail: state };
}

/** Reads `nvram boot-args`. A Mac as Apple delivers it has none; what is there can switch protections off. */
export function parseBootArguments(code: number, stdout: string, stderr: string): State {
  if (code !== 0) return /\bdata was not found\b/.test(stderr) ? { intact: true, detail: null } : untold;
  const value = /^boot-args\t(.*)\n/.exec(stdout)?.[1]?.trim();
  if (value === undefined) return untold;
  if (value === '') return { intact: true, detail: null };
  return { intact: false, detail: humanLine({ max: 128 }).safeParse(value).data ?? 'set' };
}

/** What protects the core of macOS. Gatekeeper is asked, not its file, which moved in macOS 15 and whose absence is no answer. */
export async function readMacos(system: System): Promise<Finding<SystemIntegrity>> {
  const [csrutil, spctl, nvram] = await Promise.all([
    system.run('/usr/bin/csrutil', ['status']),
    system.run('/usr/sbin/spctl', ['--status']),
    system.run('/usr/sbin/nvram', ['boot-args']),
  ]);
  const protections: Protection[] = [
    {
      name: 'sip',
      ...(csrutil.outcome === 'exited' && csrutil.code === 0 ? parseIntegrityProtection(csrutil.stdout) : untold),
    },
    // It ends with another code where it is disabled.
    {
      name: 'gatekeeper',
      ...(spctl.outcome === 'exited' ? parseGatekeeper(`${spctl.stdout}\n${spctl.stderr}`) : untold),
    },
    {
      name: 'boot-arguments',
      ...(nvram.outcome === 'exited' ? parseBootArguments(nvram.code, nvram.stdout, nvram.stderr) : untold),
    },
  ];
  if (protections.some(({ intact }) => intact !== null)) return found({ protections }, method);
  return unknown(
    'no-data',
    'macOS tells nothing of what protects its core. Run csrutil status and spctl --status in Terminal and compare.',
    method,
  );
}
