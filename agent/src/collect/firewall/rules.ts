import type { firewall } from '@postern/shared/checks/firewall';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { CommandResult, System } from '../system.ts';
import * as iptables from './iptables.ts';
import * as nftables from './nftables.ts';
import type { Ufw } from './ufw.ts';

type Firewall = z.infer<typeof firewall.value>;

const folders = ['/usr/sbin', '/sbin', '/usr/bin'];
/** A ruleset with lists of addresses is long. */
const mostBytes = 4 * 1024 * 1024;

/** What the kernel applies, as root sees it: the rules of nftables, and of iptables for those that nft does not show. */
export async function readRules(system: System, ufw: Ufw): Promise<Finding<Firewall>> {
  const nft = await runFirst(system, 'nft', ['-j', 'list', 'ruleset']);
  const ruleset = nft === undefined ? undefined : nftables.parseRuleset(nft);
  if (ruleset !== undefined && nftables.filtersInput(ruleset)) {
    const names = ruleset.chains.flatMap(({ table, name }) => [table, name]);
    return found({ enabled: true, provider: providerOf(names, ufw, 'nftables') }, 'nft -j list ruleset');
  }
  const listed = await runFirst(system, 'iptables', ['-S']);
  const rules = listed === undefined ? undefined : iptables.parseIptables(listed);
  if (rules !== undefined && iptables.filtersInput(rules)) {
    return found({ enabled: true, provider: providerOf([...rules.chains.keys()], ufw, 'iptables') }, 'iptables -S');
  }
  if (ruleset !== undefined && nftables.hidesConditions(ruleset) && rules === undefined) {
    const detail = 'Some firewall rules are written for iptables, which is not here to list them. Install iptables.';
    return unknown('tool-absent', detail, 'nft -j list ruleset');
  }
  if (ruleset !== undefined) return found({ enabled: false, provider: 'nftables' }, 'nft -j list ruleset, iptables -S');
  // Old rules are shown by iptables, but those of nftables only by nft.
  if (rules !== undefined && (await isLoaded(system, 'nf_tables')) === false) {
    return found({ enabled: false, provider: 'iptables' }, 'iptables -S, /proc/modules');
  }
  return unknown(
    'tool-absent',
    'The firewall rules cannot be listed. Install nftables, which brings the nft command.',
    'nft -j list ruleset',
  );
}

async function runFirst(system: System, tool: string, args: string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const result: CommandResult = await system.run(`${folder}/${tool}`, args, { maxBytes: mostBytes });
    if (result.outcome === 'absent') continue;
    return result.outcome === 'exited' && result.code === 0 ? result.stdout : undefined;
  }
  return undefined;
}

/** Undefined where the kernel does not tell; a driver that is built in is not listed among the modules. */
async function isLoaded(system: System, module: string): Promise<boolean | undefined> {
  const [modules, builtIn] = await Promise.all([
    system.readFile('/proc/modules'),
    system.list(`/sys/module/${module}`),
  ]);
  if (builtIn !== undefined) return true;
  return modules.outcome === 'read'
    ? modules.text.split('\n').some((line) => line.startsWith(`${module} `))
    : undefined;
}

function providerOf(names: readonly string[], ufw: Ufw, fallback: string): string {
  if (names.includes('firewalld')) return 'firewalld';
  if (ufw.enabled && names.some((name) => name.startsWith('ufw-'))) return 'ufw';
  return fallback;
}
