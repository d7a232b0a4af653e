import { Fault } from '@postern/shared/protocol/errors';
import { type ResourceTier, resourceTiers } from '@postern/shared/protocol/resource';
import { severities } from '@postern/shared/protocol/verdict';
import { type Instant, parseDuration } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { type DeviceFacts, subjectOf } from '../../devices/index.ts';
import { countsAsFailing, type Rulebook } from '../../policy/index.ts';
import type { CompiledRule, RuleReference } from '../../policy/types.ts';
import { findingsOf } from '../observe.ts';
import { refuseUnlessFor } from './admission.ts';
import type { ApprovalPlan } from './approval-plan.ts';
import type { Asked } from './asked.ts';
import { decidePlan } from './decide-plan.ts';
import { type History, readHistory } from './read-history.ts';
import { riskOf, riskValues, type RiskFacts } from './risk.ts';

interface About {
  facts: DeviceFacts;
  rulebook: Rulebook;
  /** As many as the policies of the rules ask for. */
  approvals: number;
}

/**
 * What it takes to grant a request: by the template, by its conditions over the risk, and never less than the policies of
 * the rules ask for. One read.
 *
 * @throws Fault template_unknown, template_not_for_you, reason_code_required, ticket_required,
 *   exception_refused_by_rule, access_not_offered, emergency_review_due
 */
export async function planRequest(
  { store }: Pick<Deps, 'store'>,
  about: About,
  asked: Asked,
  now: Instant,
): Promise<ApprovalPlan> {
  const name = templateName(about.rulebook, asked);
  const history = await readHistory(store.read, about.facts.owner.id, { ...asked, template: name }, now);
  return planFrom(about, asked, name, history, now);
}

/** The same, of what was read. Pure. */
export function planFrom(
  { facts, rulebook, approvals }: About,
  asked: Asked,
  name: string | undefined,
  history: History,
  now: Instant,
): ApprovalPlan {
  const { template } = history;
  if (name !== undefined && template === undefined) throw new Fault('template_unknown');
  const rules = rulesOf(rulebook, asked.rules);
  if (template !== undefined) refuseUnlessFor(template, { facts, tiers: rulebook.tiers, rules }, asked);
  if (template?.document.emergency === true && history.reviewsDue > 0) throw new Fault('emergency_review_due');

  const first = template?.document.durations[0];
  const risk: RiskFacts = {
    severity: highest(
      severities,
      rules.map(({ document }) => document.severity),
    ),
    tier: tierOf(rulebook, asked.resources.length > 0 ? asked.resources : history.guarded),
    failing: facts.posture === null ? null : findingsOf(rulebook, facts, now).filter(countsAsFailing).length,
    durationMs: asked.durationMs,
    normMs: history.usualMs ?? (first === undefined ? null : (parseDuration(first) ?? null)),
    evidenceAt: facts.evidence?.receivedAt ?? null,
    keyProtection: facts.keyProtection,
    ownership: facts.ownership,
    enrolledAt: facts.enrolledAt,
    requests30d: history.requests30d,
    renewals: asked.renewals,
    incident: history.incident,
  };
  const assessed = riskOf(risk, now);
  const allRulesAutoApprove = asked.isExtension !== true && allAutoApprove(rules, asked);
  const terms = { approvals, allRulesAutoApprove };
  const circumstances = {
    risk: riskValues(risk, assessed.score, now),
    subject: subjectOf(facts),
    resources: asked.resources.map((each) => ({ name: each, tier: rulebook.tiers.get(each) ?? null })),
    now,
  };
  return decidePlan(template ?? null, assessed, terms, circumstances);
}

/** Throws Fault access_not_offered unless the resource offers access in that role under that template. */
function templateName({ access }: Rulebook, { kind, template, resources, role }: Asked): string | undefined {
  if (kind === 'device') return template;
  const [resource] = resources;
  const offered = resource === undefined ? undefined : access.get(resource);
  if (resources.length !== 1 || offered === undefined || role === null || !offered.roles.includes(role))
    throw new Fault('access_not_offered');
  const name = template ?? offered.templates[0];
  if (name === undefined || !offered.templates.includes(name)) {
    const message = `must be one of ${offered.templates.join(', ')}`;
    throw new Fault('access_not_offered', { details: [{ path: 'body.template', message }] });
  }
  return name;
}

function rulesOf({ policies }: Rulebook, references: readonly RuleReference[]): CompiledRule[] {
  return policies.flatMap(({ rules }) => rules.filter(({ reference }) => references.includes(reference)));
}

/** One that is not there any more allows nothing. */
function allAutoApprove(rules: readonly CompiledRule[], asked: Asked): boolean {
  return asked.rules.every((reference) =>
    rules.some((rule) => rule.reference === reference && rule.exceptions?.autoApprove === true),
  );
}

/** The highest tier of these resources; null where one that has none may be higher. */
function tierOf({ tiers }: Rulebook, resources: readonly string[]): ResourceTier | null {
  const known = highest(
    resourceTiers,
    resources.flatMap((name) => tiers.get(name) ?? []),
  );
  const isComplete = resources.length > 0 && resources.every((name) => tiers.has(name));
  return isComplete || known === 'critical' ? known : null;
}

function highest<Word extends string>(words: readonly Word[], given: readonly Word[]): Word | null {
  return words.findLast((word) => given.includes(word)) ?? null;
}
