import type { Store } from '../storage/store.ts';
import { compilePolicy } from './compile.ts';
import { readPolicyDocument } from './read-document.ts';
import type { CompiledPolicy } from './types.ts';

/** The published policies, compiled and kept in memory for as long as the epoch stands. */
export interface CurrentPolicies {
  /** `epoch` is what the caller read together with its facts; a newer one makes this read the policies again. */
  at(epoch: string): Promise<readonly CompiledPolicy[]>;
}

interface Loaded {
  epoch: string;
  policies: readonly CompiledPolicy[];
}

/** However many requests find the epoch changed, the policies are read once. */
export function createCurrentPolicies(store: Pick<Store, 'read'>): CurrentPolicies {
  let loaded: Loaded | undefined;
  let loading: Promise<Loaded> | undefined;

  function reload(): Promise<Loaded> {
    loading ??= load(store)
      .then((fresh) => (loaded = fresh))
      .finally(() => (loading = undefined));
    return loading;
  }

  return {
    async at(epoch) {
      if (loaded?.epoch === epoch) return loaded.policies;
      const joined = await reload();
      // It may have been under way before the policies were published that the caller knows of.
      return (joined.epoch === epoch ? joined : await reload()).policies;
    },
  };
}

/** Epoch and documents in one statement, so that they belong together. */
async function load({ read }: Pick<Store, 'read'>): Promise<Loaded> {
  const rows = await read
    .selectFrom('meta')
    .leftJoin('policies', (join) => join.on('policies.current', '=', 1))
    .where('meta.key', '=', 'policy_epoch')
    .select(['meta.value as epoch', 'policies.name', 'policies.version', 'policies.document'])
    .orderBy('policies.name')
    .execute();
  const policies = rows.flatMap(({ version, document }) =>
    version === null || document === null ? [] : [compilePolicy(readPolicyDocument(document), version)],
  );
  return { epoch: rows[0]?.epoch ?? '', policies };
}
