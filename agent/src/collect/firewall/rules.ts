import type { firewall } from '@postern/shared/checks/firewall';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import type { CommandResult, System } from '../system.ts';
import * as iptables from './iptables.ts';
import * as nftables from './nftables.ts';
import type { Family } from './packet-fate.ts';
import type { Ufw } from './ufw.ts';

type Firewall = z.infer<typeof firewall.value>;

const folders = ['/usr/sbin', '/sbin', '/usr/bin'];
/** A ruleset with lists of addresses is long. */
const mostBytes = 4 * 1024 * 1024;
const listers = { ip: 'iptables', ip6: 'ip6tables' } as const satisfies Record<Family, string>;

/** Whether one family of addresses is filtered, and by what; or what is missing to say so. */
type Judged =
  | { filtered: boolean; provider: 'nftables' | 'iptables'; names: readonly string[]; method: string }
  | { missing: 'nft' | 'iptables' };

/**
 * What the kernel applies, as root sees it: the rules of nftables, and of iptables for those that nft does not show.
 * Addresses of version 6 have rules of their own, and a machine that has such an address is reached by it.
 */
export async function readRules(system: System, ufw: Ufw): Promise<Finding<Firewall>> {
  const nft = await runFirst(system, 'nft', ['-j', 'list', 'ruleset']);
  const ruleset = nft === undefined ? undefined : nftables.parseRuleset(nft);
  const four = await judge(system, ruleset, 'ip');
  if ('missing' in four) return unjudged(four.missing);
  const provider = providerOf(four.names, ufw, four.provider);
  if (!(await hasSixth(system))) return found({ enabled: four.filtered, provider }, four.method);

  const six = await judge(system, ruleset, 'ip6');
  if ('missing' in six) return unjudged(six.missing);
  const method = [...new Set([four.method, six.method])].join(', ');
  if (four.filtered === six.filtered) return found({ enabled: four.filtered, provider }, method);
  const profiles = { ipv4: four.filtered, ipv6: six.filtered };
  return found({ enabled: false, provider, profiles }, method);
}

async function judge(system: System, ruleset: nftables.Ruleset | undefined, family: Family): Promise<Judged> {
  const isHidden = ruleset !== undefined && nftables.hidesConditions(ruleset, family);
  if (ruleset !== undefined && !isHidden && nftables.filtersInput(ruleset, family, 'nothing'))
    return byNft(ruleset, true);

  const listed = await runFirst(system, listers[family], ['-S']);
  const rules = listed === undefined ? undefined : iptables.parseIptables(listed);
  if (rules !== undefined && iptables.filtersInput(rules)) return byIptables(rules, family, true);
  if (ruleset !== undefined && isHidden) {
    const without = rules === undefined ? 'nothing' : 'iptables';
    if (nftables.filtersInput(ruleset, family, without)) return byNft(ruleset, true);
    if (rules === undefined) return { missing: 'iptables' };
  }
  if (ruleset !== undefined) return byNft(ruleset, false);
  // Old rules are shown by iptables, but those of nftables only by nft.
  if (rules !== undefined && (await isLoaded(system, 'nf_tables')) === false) return byIptables(rules, family, false);
  return { missing: 'nft' };
}

function byNft(ruleset: nftables.Ruleset, filtered: boolean): Judged {
  const names = ruleset.chains.flatMap(({ table, name }) => [table, name]);
  const method = filtered ? 'nft -j list ruleset' : 'nft -j list ruleset, iptables -S';
  return { filtered, provider: 'nftables', names: filtered ? names : [], method };
}

function byIptables(rules: iptables.Rules, family: Family, filtered: boolean): Judged {
  const method = `${listers[family]} -S${filtered ? '' : ', /proc/modules'}`;
  return { filtered, provider: 'iptables', names: filtered ? [...rules.chains.keys()] : [], method };
}

function unjudged(missing: 'nft' | 'iptables'): Finding<Firewall> {
  const detail =
    missing === 'nft'
      ? 'The firewall rules cannot be listed. Install nftables, which brings the nft command.'
      : 'Some firewall rules are written for iptables, which is not here to list them. Install iptables.';
  return unknown('tool-absent', detail, 'nft -j list ruleset');
}

/** Whether some interface beside the machine's own has an address of version 6; the kernel lists them in this file. */
async function hasSixth(system: System): Promise<boolean> {
  const file = await system.readFile('/proc/net/if_inet6');
  return (
    file.outcome === 'read' &&
    file.text.split('\n').some((line) => /^[0-9a-f]{32} .*\S$/.test(line) && !line.trimEnd().endsWith(' lo'))
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
