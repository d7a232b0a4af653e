import type { Installation } from '@postern/shared/protocol/settings';
import { type Instant, toTimestamp } from '@postern/shared/time';
import { isKeyInUse, readLogKey } from '../audit/index.ts';
import type { Deps } from '../deps.ts';
import { version } from '../version.ts';

export interface InstallationDeps extends Pick<Deps, 'store' | 'config'> {
  startedAt: Instant;
  /** Rejects while requests cannot be answered. */
  ready: () => Promise<void>;
}

/** What this installation is, and how it is configured. */
export async function readInstallation(deps: InstallationDeps, now: Instant): Promise<Installation> {
  const { store, config, startedAt } = deps;
  const [ready, keys, auditKey, webhooks] = await Promise.all([
    deps.ready().then(
      () => true,
      () => false,
    ),
    readKeys(deps, now),
    readAuditKey(deps),
    store.read.selectFrom('webhooks').select('disabled_at').where('removed_at', 'is', null).execute(),
  ]);
  const enabled = webhooks.filter(({ disabled_at }) => disabled_at === null).length;
  return {
    version,
    issuer: config.issuer,
    startedAt: toTimestamp(startedAt),
    now: toTimestamp(now),
    database: store.kind,
    ready,
    keys,
    auditKey,
    providers: config.signIn.providers.map(({ id, title, issuer }) => ({ id, title, issuer })),
    tokenProvider: config.identityProvider,
    mail: config.mail === null ? null : { from: config.mail.from, host: new URL(config.mail.mailServer).host },
    webhooks: { enabled, disabled: webhooks.length - enabled },
    settings: [...config.shown],
  };
}

async function readAuditKey({ store, config }: InstallationDeps): Promise<Installation['auditKey']> {
  const key = await readLogKey(store.read, config);
  return { key: key.vkey, origin: key.name, inUse: await isKeyInUse(store.read, key) };
}

/** Keys that are in a key set, in the order in which they sign. */
async function readKeys({ store }: InstallationDeps, now: Instant): Promise<Installation['keys']> {
  const rows = await store.read
    .selectFrom('signing_keys')
    .select(['kid', 'use', 'alg', 'signs_from', 'signs_until'])
    .where((where) => where.or([where('removed_at', 'is', null), where('removed_at', '>', now)]))
    .orderBy('use')
    .orderBy('signs_from', 'desc')
    .execute();
  return rows.map(({ kid, use, alg, signs_from, signs_until }) => ({
    kid,
    alg,
    use: use === 'signal' ? ('signal' as const) : ('access-token' as const),
    state:
      signs_from > now
        ? ('next' as const)
        : signs_until !== null && signs_until <= now
          ? ('past' as const)
          : ('signs' as const),
    signsFrom: toTimestamp(signs_from),
    signsUntil: signs_until === null ? null : toTimestamp(signs_until),
  }));
}
