import { sha256 } from '@postern/shared/digest';
import type { Id } from '@postern/shared/ids';
import type { OfferedTemplate, TemplateProposal, TemplateVersion } from '@postern/shared/protocol/template';
import { parseDuration, second, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { Store } from '../../storage/store.ts';
import type { Template } from './store.ts';

type Reads = Pick<Store, 'read'>;

/** Versions of templates, by name and newest first; those in force only where no name is given. */
export async function viewTemplateVersions({ read }: Reads, name: string | null): Promise<TemplateVersion[]> {
  let query = read
    .selectFrom('exception_templates')
    .leftJoin('users as proposer', 'proposer.id', 'exception_templates.proposed_by')
    .leftJoin('users as approver', 'approver.id', 'exception_templates.approved_by')
    .selectAll('exception_templates')
    .select(['proposer.name as proposer', 'approver.name as approver'])
    .orderBy('exception_templates.name')
    .orderBy('version', 'desc');
  query = name === null ? query.where('current', '=', 1) : query.where('exception_templates.name', '=', name);
  return (await query.execute()).map((row) => ({
    name: row.name,
    version: row.version,
    kind: row.kind === 'access' ? 'access' : 'device',
    title: row.title,
    document: row.document,
    current: row.current === 1,
    proposedBy: row.proposer,
    approvedBy: row.approver,
    publishedAt: toTimestamp(row.published_at),
  }));
}

/** Proposals, newest first. */
export async function viewProposals(
  { read }: Reads,
  filter: { id?: string | undefined; state?: string | undefined; before?: string | undefined; limit: number },
): Promise<TemplateProposal[]> {
  let query = read
    .selectFrom('template_proposals')
    .innerJoin('users as proposer', 'proposer.id', 'template_proposals.proposed_by')
    .leftJoin('users as decider', 'decider.id', 'template_proposals.decided_by')
    .leftJoin('exception_templates as current', (join) =>
      join.onRef('current.name', '=', 'template_proposals.name').on('current.current', '=', 1),
    )
    .selectAll('template_proposals')
    .select(['proposer.name as proposer', 'decider.name as decider', 'current.version as current_version'])
    .orderBy('template_proposals.id', 'desc')
    .limit(filter.limit);
  if (filter.id !== undefined) query = query.where('template_proposals.id', '=', filter.id);
  if (filter.state !== undefined) query = query.where('template_proposals.state', '=', filter.state);
  if (filter.before !== undefined) query = query.where('template_proposals.id', '<', filter.before);
  return (await query.execute()).map((row) => ({
    id: row.id as Id<'templateProposal'>,
    action: row.action === 'retire' ? 'retire' : 'publish',
    name: row.name,
    document: row.document,
    documentHash: sha256(row.document),
    note: row.note,
    state: row.state as TemplateProposal['state'],
    baseVersion: row.base_version,
    outdated: row.state === 'proposed' && row.base_version !== (row.current_version ?? 0),
    proposedBy: { id: row.proposed_by as Id<'user'>, name: row.proposer },
    proposedAt: toTimestamp(row.proposed_at),
    decidedBy: row.decided_by === null ? null : { id: row.decided_by as Id<'user'>, name: row.decider ?? '' },
    decidedAt: toTimestampOrNull(row.decided_at),
  }));
}

/** A template as people choose it. */
export function offeredOf({ name, version, document }: Template): OfferedTemplate {
  const { allows, for: whom } = document;
  return {
    name,
    version,
    kind: document.kind,
    title: document.title,
    description: document.description,
    impact: document.impact,
    emergency: document.emergency,
    ownership: whom.ownership ?? null,
    checks: allows.checks ?? null,
    rules: allows.rules ?? null,
    resources: allows.resources ?? null,
    tiers: allows.tiers ?? null,
    mustNameResources: allows.must_name_resources,
    durationsSeconds: document.durations.map(seconds),
    maxDurationSeconds: seconds(document.max_duration),
    maxTotalSeconds: document.max_total === undefined ? null : seconds(document.max_total),
    begins: document.begins,
    stages: document.emergency
      ? []
      : document.stages.map(({ title, groups, manager, approvals }) => ({
          title,
          groups: groups ?? null,
          manager,
          approvals,
        })),
    stepUp: document.step_up,
    reasonCodes: document.reason_codes,
    ticket: document.ticket,
    conditions: document.conditions.map(({ title }) => title),
  };
}

/**
 * Whether somebody may ask under a template at all. Of a device whose owner nobody has named, one for certain devices is not.
 *
 * @param ownership of the device; undefined: of any device that they have or may have
 */
export function isFor({ document }: Template, groups: readonly string[], ownership: string | undefined): boolean {
  const whom = document.for;
  if (whom.groups !== undefined && !whom.groups.some((group) => groups.includes(group))) return false;
  return whom.ownership === undefined || ownership === undefined || whom.ownership.some((each) => each === ownership);
}

function seconds(duration: string): number {
  return Math.floor((parseDuration(duration) ?? 0) / second);
}
