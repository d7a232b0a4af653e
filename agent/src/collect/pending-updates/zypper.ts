import type { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { toTimestamp } from '@postern/shared/time';
import type { z } from 'zod';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';

const program = '/usr/bin/zypper';
/** From what was fetched last: to fetch lists is not for a check to do. */
const listing = ['--non-interactive', '--no-refresh', '--xmlout', 'list-updates', '-t', 'package', '-t', 'patch'];
const options = { deadlineMs: 8_000, maxBytes: 4 * 1024 * 1024 };
const cache = '/var/cache/zypp/raw';

/** Counts the packages of `zypper --xmlout list-updates`, and the patches for security. Undefined where it is not whole. */
export function parseUpdates(xml: string): { count: number; securityCount: number } | undefined {
  if (!/<update-status\b/.test(xml) || !/<\/stream>\s*$/.test(xml)) return undefined;
  const updates = [...xml.matchAll(/<update\s([^<>]{1,4096})>/g)].map(([, attributes]) => attributes ?? '');
  // One that is spoilt could be one that is not counted.
  const open = updates.filter((attributes) => !attributes.endsWith('/')).length;
  if (open !== xml.split('</update>').length - 1 || updates.length !== xml.split(/<update\s/).length - 1)
    return undefined;
  const kinds = updates.map((attributes) => /\bkind="(package|patch)"/.exec(attributes)?.[1]);
  const categories = updates.map((attributes) => /\bcategory="([a-z]{1,20})"/.exec(attributes)?.[1]);
  if (kinds.some((kind, at) => kind === undefined || (kind === 'patch' && categories[at] === undefined)))
    return undefined;
  return {
    count: kinds.filter((kind) => kind === 'package').length,
    securityCount: kinds.filter((kind, at) => kind === 'patch' && categories[at] === 'security').length,
  };
}

/** SUSE and openSUSE. */
export async function readZypper(system: System): Promise<Finding<z.infer<typeof pendingUpdates.value>>> {
  const method = 'zypper --no-refresh list-updates';
  const repositories = (await system.list(cache)) ?? [];
  if (repositories.length === 0) {
    return unknown('no-data', 'The list of available updates was never fetched. Run “sudo zypper refresh”.', cache);
  }
  const result = await system.run(program, listing, options);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'zypper'), method };
  const updates = result.code === 0 ? parseUpdates(result.stdout) : undefined;
  if (updates === undefined) {
    return unknown('output-unreadable', 'zypper could not list updates. Run “zypper list-updates” to see why.', method);
  }
  const times = await Promise.all(repositories.map((name) => system.modifiedAt(`${cache}/${name}`)));
  const refreshed = times.filter((time) => time !== undefined);
  return found(
    {
      ...updates,
      // libzypp leaves this behind when it replaced what only a restart brings into use.
      restartRequired: (await system.readFile('/run/reboot-needed')).outcome !== 'absent',
      listRefreshedAt: refreshed.length === 0 ? null : toTimestamp(Math.max(...refreshed)),
      source: 'zypper',
    },
    method,
  );
}
