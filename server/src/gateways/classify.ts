import { canonicalJson } from '@postern/shared/canonical';
import { Fault } from '@postern/shared/protocol/errors';
import type { ResourceAccess, ResourceTier } from '@postern/shared/protocol/resource';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { nextEpoch } from '../policy/index.ts';
import { type Change, deleteOne, insert, updateOne } from '../storage/change.ts';
import { ConflictError } from '../storage/store.ts';
import { knownResources } from './resources.ts';

interface Classification {
  name: string;
  title: string | null;
  /** Null takes the tier away: then policies for any tier apply. */
  tier: ResourceTier | null;
  /** Undefined leaves it as it is. Null: no temporary access, and open to every device that is fit. */
  access?: ResourceAccess | null | undefined;
}

/**
 * Gives a resource a tier and temporary access, changes or takes them away. Verdicts and tokens depend on both, so this
 * changes them at once.
 *
 * @throws Fault resource_unknown when no gateway protects it; malformed_request for access without a tier; conflict
 */
export async function classifyResource(
  { store }: Pick<Deps, 'store'>,
  { name, title, tier, access: given }: Classification,
  actor: Actor,
  now: Instant,
): Promise<void> {
  const row = await store.read
    .selectFrom('meta')
    .leftJoin('resources', (join) => join.on('resources.name', '=', name))
    .select(['meta.value as epoch', 'resources.tier', 'resources.title', 'resources.access'])
    .where('meta.key', '=', 'policy_epoch')
    .executeTakeFirstOrThrow();
  if (tier !== null && !(await knownResources(store.read)).has(name)) {
    throw new Fault('resource_unknown', { details: [{ path: 'body.name', message: 'no gateway protects it' }] });
  }
  const access = given === undefined ? row.access : textOf(given);
  // Without a row nothing would be left that closes the resource: who means that says so.
  if (tier === null && access !== null) {
    const message = 'a resource that offers temporary access needs a tier; take the access away first (null)';
    throw new Fault('malformed_request', { details: [{ path: 'body.tier', message }] });
  }
  if (tier === null && row.tier === null) return;

  const event = (type: AuditEvent['type'], data: AuditEvent['data']): AuditEvent => ({
    at: now,
    type,
    outcome: 'success',
    actor,
    subject: { kind: 'resource', id: name },
    data,
  });
  const isClassified = given === undefined || tier !== row.tier || title !== row.title;
  const audit = [
    ...(isClassified ? [event('resource.classified', { from: row.tier, to: tier })] : []),
    ...(access === row.access
      ? []
      : [event('resource.access-changed', { from: parsed(row.access), to: parsed(access) })]),
  ];
  if (audit.length === 0) return;
  try {
    await store.commit({ changes: [nextEpoch(row.epoch), changeOf(row.tier, { name, title, tier, access })], audit });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
}

function changeOf(
  before: string | null,
  after: { name: string; title: string | null; tier: ResourceTier | null; access: string | null },
): Change {
  const { name, title, tier, access } = after;
  if (tier === null) return deleteOne('resources', { name });
  return before === null
    ? insert('resources', { name, title, tier, access })
    : updateOne('resources', { name }, { title, tier, access });
}

/** Each role and template once; the order counts, since the first template is the one that is taken. */
function textOf(access: ResourceAccess | null): string | null {
  if (access === null) return null;
  return canonicalJson({ roles: [...new Set(access.roles)], templates: [...new Set(access.templates)] });
}

function parsed(access: string | null): ResourceAccess | null {
  return access === null ? null : (JSON.parse(access) as ResourceAccess);
}
