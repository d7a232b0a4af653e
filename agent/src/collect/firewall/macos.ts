// Read from recorded output; not run on the system itself.
import type { firewall } from '@postern/shared/checks/firewall';
import { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import { listSystemExtensions } from '../macos/system-extensions.ts';
import type { System } from '../system.ts';

type Firewall = z.infer<typeof firewall.value>;

const socketFilter = 'socketfilterfw --getglobalstate';
const profiler = 'system_profiler -json SPFirewallDataType';

/** Whether socketfilterfw says on (1: filtering, 2: blocking everything) or off (0); undefined for anything else. */
export function parseSocketFilter(text: string): boolean | undefined {
  const answers = [...text.matchAll(/^Firewall is ([a-z -]+)\. \(State = ([012])\)\s*$/gm)];
  const [, sentence, state] = answers[0] ?? [];
  if (answers.length !== 1 || sentence === undefined) return undefined;
  // Two ways of saying one thing: where they differ, neither is believed.
  if ((sentence === 'disabled') !== (state === '0')) return undefined;
  return state !== '0';
}

const profile = z.object({
  SPFirewallDataType: z.array(z.object({ spfirewall_globalstate: z.string().optional() })),
});
const profileStates = new Map([
  ['spfirewall_globalstate_limit_connections', true],
  ['spfirewall_globalstate_block_all', true],
  ['spfirewall_globalstate_allow_all', false],
]);

/** Whether system_profiler says on or off; undefined for anything else. */
export function parseProfiler(text: string): boolean | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = profile.safeParse(json);
  if (!parsed.success) return undefined;
  const states = parsed.data.SPFirewallDataType.flatMap((entry) => entry.spfirewall_globalstate ?? []);
  return states.length === 1 ? profileStates.get(states[0] ?? '') : undefined;
}

/**
 * Whether the application firewall is on. macOS 15 tells socketfilterfw's state to root only, and what it
 * tells others is not the truth; 26 tells everybody again. The file that older tools read
 * (com.apple.alf.plist) is gone since 15, and the copies that upgrades left behind lie.
 */
export async function readMacos(system: System): Promise<Finding<Firewall>> {
  const version = await system.run('/usr/bin/sw_vers', ['-productVersion']);
  if (version.outcome !== 'exited') return { ...unanswered(version, 'sw_vers'), method: 'sw_vers -productVersion' };
  const major = Number(/^(\d{2})(?:\.\d+)*$/.exec(version.stdout.trim())?.[1] ?? Number.NaN);
  if (Number.isNaN(major)) {
    return unknown(
      'output-unreadable',
      'The version of macOS could not be read, and it decides how to ask for the firewall. Run sw_vers in Terminal.',
      'sw_vers -productVersion',
    );
  }
  const asked = major <= 14 || major >= 26 ? await askSocketFilter(system) : undefined;
  const answer = asked?.status === 'ok' ? asked : await askProfiler(system);
  return answer.status === 'ok' && !answer.value.enabled ? besideOthers(system, answer) : answer;
}

/** Filters of incoming connections by others, which do not tell whether they are on. By their maker and name. */
const otherFirewalls = new Map([
  ['MLZF7K7B5R at.obdev.littlesnitch.networkextension', 'Little Snitch'],
  ['P8DQRXPVLP com.eset.firewall', 'ESET'],
]);

/** Without the firewall of macOS another one may do its work: then this Mac is not said to be without one. */
async function besideOthers(system: System, answer: Finding<Firewall>): Promise<Finding<Firewall>> {
  const extensions = await listSystemExtensions(system);
  if ('status' in extensions) return answer;
  const names = extensions.flatMap(({ teamId, bundleId, category, state }) =>
    category === 'network_extension' && state === 'activated enabled'
      ? (otherFirewalls.get(`${teamId} ${bundleId}`) ?? [])
      : [],
  );
  const [name] = names;
  if (name === undefined) return answer;
  return unknown(
    'no-data',
    `The firewall of macOS is off, and ${name} does not tell whether its own is on. Turn on the one of macOS, or ask for an exception.`,
    `${answer.method}; systemextensionsctl list`,
  );
}

async function askSocketFilter(system: System): Promise<Finding<Firewall>> {
  const result = await system.run('/usr/libexec/ApplicationFirewall/socketfilterfw', ['--getglobalstate']);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'socketfilterfw'), method: socketFilter };
  return answerOf(result.code === 0 ? parseSocketFilter(result.stdout) : undefined, socketFilter);
}

async function askProfiler(system: System): Promise<Finding<Firewall>> {
  const result = await system.run('/usr/sbin/system_profiler', ['-json', 'SPFirewallDataType'], { deadlineMs: 15_000 });
  if (result.outcome !== 'exited') return { ...unanswered(result, 'system_profiler'), method: profiler };
  return answerOf(result.code === 0 ? parseProfiler(result.stdout) : undefined, profiler);
}

function answerOf(enabled: boolean | undefined, method: string): Finding<Firewall> {
  if (enabled !== undefined) return found({ enabled, provider: 'application-firewall' }, method);
  return unknown(
    'output-unreadable',
    'macOS did not say whether its firewall is on. Look in System Settings, Network, Firewall, and tell support which macOS this is.',
    method,
  );
}
