import { canonicalJson } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import {
  type NewResourceTier,
  type ResourceAccess,
  resourceChangeText,
  type ResourceTier,
} from '@postern/shared/protocol/resource';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import type { PersonCaller } from '../http/caller.ts';
import { nextEpoch } from '../policy/index.ts';
import { proveToManage, type StepUpProof } from '../step-up/index.ts';
import { type Change, deleteOne, insert, updateOne } from '../storage/change.ts';
import { ConflictError, type Store } from '../storage/store.ts';
import { loosens } from './loosening.ts';
import { knownResources } from './resources.ts';

/**
 * Gives a resource a tier and temporary access, changes or takes them away. Verdicts and tokens depend on both, so this
 * changes them at once. What loosens temporary access takes a fresh proof of who does it: without that access the resource
 * is open to every device that is fit.
 *
 * @throws Fault resource_unknown when no gateway protects it; malformed_request for access without a tier; template_unknown;
 *   step_up_required, step_up_invalid, step_up_locked, second_factor_missing; conflict
 */
export async function classifyResource(
  { store, config }: Pick<Deps, 'store' | 'config'>,
  change: NewResourceTier,
  by: Pick<PersonCaller, 'id' | 'authenticatedAt'>,
  now: Instant,
): Promise<void> {
  const { name, title, tier, access: given } = change;
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
  const isOther = access !== row.access;
  if (isOther) await refuseUnknownTemplates(store.read, given ?? null);
  const loosened = loosens(row, { tier, access });
  const proof = loosened ? await prove({ store, config }, change, by, now) : unproved;

  const event = (type: AuditEvent['type'], data: AuditEvent['data']): AuditEvent => ({
    at: now,
    type,
    outcome: 'success',
    actor: { kind: 'person', id: by.id },
    subject: { kind: 'resource', id: name },
    data,
  });
  const isClassified = given === undefined || tier !== row.tier || title !== row.title;
  const shown = loosened ? { authn: proof.authn?.level ?? null } : {};
  const audit = [
    ...(isClassified ? [event('resource.classified', { from: row.tier, to: tier, ...shown })] : []),
    ...(isOther ? [event('resource.access-changed', accessChange(row.access, access, shown))] : []),
  ];
  if (audit.length === 0) return;
  try {
    await store.commit({
      changes: [...proof.unit.changes, nextEpoch(row.epoch), changeOf(row.tier, { name, title, tier, access })],
      audit: [...proof.unit.audit, ...audit],
    });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
}

const unproved: StepUpProof = { authn: null, unit: { changes: [], audit: [] } };

function prove(
  deps: Pick<Deps, 'store' | 'config'>,
  change: NewResourceTier,
  by: Pick<PersonCaller, 'id' | 'authenticatedAt'>,
  now: Instant,
): Promise<StepUpProof> {
  const content = sha256(resourceChangeText(change));
  const about = { action: 'change-resource', target: change.name, content } as const;
  return proveToManage(deps, { by, about, answer: change.stepUp }, now);
}

/** Throws Fault template_unknown: under one that is not there nobody could ask, and whoever set it would not notice. */
async function refuseUnknownTemplates(read: Store['read'], access: ResourceAccess | null): Promise<void> {
  if (access === null) return;
  const rows = await read
    .selectFrom('exception_templates')
    .select('name')
    .where('current', '=', 1)
    .where('kind', '=', 'access')
    .where('name', 'in', access.templates)
    .execute();
  const known = new Set(rows.map((row) => row.name));
  const details = access.templates.flatMap((template, index) => {
    const message = `there is no template ${template} for temporary access in force`;
    return known.has(template) ? [] : [{ path: `body.access.templates.${index}`, message }];
  });
  if (details.length > 0) throw new Fault('template_unknown', { details });
}

/** Whoever reads the entry sees at once whether the resource is open from then on. */
function accessChange(from: string | null, to: string | null, shown: { authn?: string | null }): AuditEvent['data'] {
  return { from: parsed(from), to: parsed(to), openToAll: to === null, ...shown };
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
