import { setImmediate as othersFirst } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Platform } from '@postern/shared/checks/define';
import type { ResourceAccess, ResourceTier } from '@postern/shared/protocol/resource';
import { readReleases } from '../releases/index.ts';
import type { Store } from '../storage/store.ts';
import { compilePolicy } from './compile.ts';
import { readStoredPolicy } from './read-document.ts';
import type { Rulebook } from './rulebook.ts';
import type { CompiledPolicy } from './types.ts';

/** The rulebook, compiled and kept in memory for as long as the epoch stands. */
export interface CurrentPolicies {
  /** `epoch` is what the caller read together with its facts; a newer one makes this read everything again. */
  at(epoch: string): Promise<Rulebook>;
}

/** However many requests find the epoch changed, it is read once. */
export function createCurrentPolicies(store: Pick<Store, 'read'>): CurrentPolicies {
  let loaded: Rulebook | undefined;
  let loading: Promise<Rulebook> | undefined;

  function reload(): Promise<Rulebook> {
    loading ??= readRulebook(store, loaded?.policies)
      .then((fresh) => (loaded = fresh))
      .finally(() => (loading = undefined));
    return loading;
  }

  return {
    async at(epoch) {
      if (loaded?.epoch === epoch) return loaded;
      const joined = await reload();
      // It may have been under way before the change that the caller knows of.
      return joined.epoch === epoch ? joined : await reload();
    },
  };
}

interface Row {
  kind: 'epoch' | 'policy' | 'tier' | 'feed' | 'brake';
  name: string;
  /** Version of a policy, tier of a resource, check of a brake. */
  a: string | null;
  /** Document, access to a resource, or what else a brake has, as canonical text. */
  b: string | null;
  c: string | null;
  since: number | null;
  until: number | null;
}

/**
 * Everything in one statement, so that it belongs together. What is published is compiled one after the other, and requests
 * go first: all of them at one go would hold up the server for a second.
 *
 * @param known compiled before: a version never says anything else
 */
export async function readRulebook(
  { read }: Pick<Store, 'read'>,
  known: readonly CompiledPolicy[] = [],
): Promise<Rulebook> {
  const { rows } = await sql<Row>`
    select 'epoch' as kind, value as name, null as a, null as b, null as c, cast(null as bigint) as since, cast(null as bigint) as until
      from meta where key = 'policy_epoch'
    union all
    select 'policy', name, cast(version as text), document, null, null, null from policies where current = 1
    union all
    select 'tier', name, tier, access, null, null, null from resources
    union all
    select 'feed', '', null, document, null, null, null
      from release_feeds where sequence = (select max(sequence) from release_feeds)
    union all
    select 'brake', id, check_id, platform, os_build, flips_since, ends_at from brakes where state = 'holding'
  `.execute(read);
  const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind);
  const policies: CompiledPolicy[] = [];
  for (const { name, a, b } of of('policy')) {
    const same = known.find((each) => each.name === name && each.version === Number(a));
    if (same === undefined) await othersFirst();
    policies.push(same ?? compilePolicy(readStoredPolicy(b ?? ''), Number(a)));
  }
  return {
    epoch: of('epoch')[0]?.name ?? '',
    policies: policies.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    tiers: new Map(of('tier').map(({ name, a }) => [name, a as ResourceTier])),
    access: new Map(
      of('tier').flatMap(({ name, b }): [string, ResourceAccess][] =>
        b === null ? [] : [[name, JSON.parse(b) as ResourceAccess]],
      ),
    ),
    releases: readReleases(of('feed')[0]?.b ?? null),
    brakes: of('brake').map((row) => ({
      id: row.name,
      check: row.a ?? '',
      platform: row.b as Platform,
      build: row.c ?? '',
      flipsSince: row.since ?? 0,
      endsAt: row.until ?? 0,
    })),
  };
}
