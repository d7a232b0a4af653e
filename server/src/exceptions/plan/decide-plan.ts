import { Fault } from '@postern/shared/protocol/errors';
import { type StepUpLevel, stepUpLevels } from '@postern/shared/protocol/step-up';
import type { Risk, StageDocument, TemplateDocument } from '@postern/shared/protocol/template';
import { parseDuration } from '@postern/shared/time';
import { longestExceptionMs } from '../../policy/index.ts';
import type { Template } from '../templates/store.ts';
import { longestEmergencyMs } from '../templates/template-faults.ts';
import { type ApprovalPlan, peopleOf, plainPlan, type Stage } from './approval-plan.ts';
import { type Circumstances, matching } from './conditions.ts';

type Condition = TemplateDocument['conditions'][number];

/** What the rules concerned ask for, together. */
export interface PolicyTerms {
  approvals: number;
  /** Each of them lets a template approve it by itself. */
  allRulesAutoApprove: boolean;
}

/**
 * What it takes to grant a request: what the template says, then what each of its conditions that count adds, and never less
 * than the policies of the rules ask for. Only `auto_approve` takes away, where nothing else that counts asks for more.
 *
 * @param template null: what the policies say, as for requests from before there were templates
 * @throws Fault exception_refused_by_rule, with what each condition that refuses says
 */
export function decidePlan(
  template: Template | null,
  risk: Risk,
  terms: PolicyTerms,
  circumstances: Circumstances,
): ApprovalPlan {
  if (template === null) return { ...plainPlan(terms.approvals), risk };
  const { document } = template;
  const counting = matching(document.conditions, circumstances);
  refuseDenied(counting);
  const approvedBy = autoApproval(document, counting, terms);
  const isUnasked = document.emergency || approvedBy !== null;
  return {
    template: { name: template.name, version: template.version },
    stages: isUnasked ? [] : stagesOf(document, counting, terms.approvals),
    stepUp: {
      request: strictest([document.step_up.request, ...counting.map((each) => each.step_up?.request)]),
      approval: strictest([document.step_up.approval, ...counting.map((each) => each.step_up?.approval)]),
    },
    autoApprovedBy: approvedBy,
    maxDurationMs: longestOf(document, counting),
    maxTotalMs: document.max_total === undefined ? Number.MAX_SAFE_INTEGER : milliseconds(document.max_total),
    begins: document.begins,
    useWithinMs: milliseconds(document.use_within),
    emergency: document.emergency,
    operators: document.operators ?? [],
    risk,
    conditions: counting.map(({ title }) => title),
  };
}

function refuseDenied(counting: readonly Condition[]): void {
  const details = counting.flatMap(({ title, deny }) =>
    deny === undefined ? [] : [{ path: 'template', message: `${title}: ${deny}` }],
  );
  if (details.length > 0) throw new Fault('exception_refused_by_rule', { details });
}

/** Title of the condition that approves; null: people do. */
function autoApproval(document: TemplateDocument, counting: readonly Condition[], terms: PolicyTerms): string | null {
  const approving = counting.find((each) => each.auto_approve === true);
  if (approving === undefined || document.emergency || !terms.allRulesAutoApprove) return null;
  const asksMore = counting.some((each) => each !== approving && asksForPeople(each));
  return asksMore ? null : approving.title;
}

/** A condition that wants more of who approves wants somebody to. */
function asksForPeople({ stages, approvals, step_up: stepUp }: Condition): boolean {
  return stages !== undefined || approvals !== undefined || (stepUp?.approval ?? 'none') !== 'none';
}

/**
 * In this order: of the template, then those that conditions add. The last that more than one person can answer has what is
 * lacking in the end; where each is for the manager alone, who is one person, other approvers are asked after them.
 */
function stagesOf(document: TemplateDocument, counting: readonly Condition[], approvals: number): Stage[] {
  const stages = [...document.stages.map(stageOf), ...added(counting)];
  const least = Math.max(0, ...counting.map((each) => each.approvals ?? 0));
  const index = stages.findLastIndex((stage) => !isOnePerson(stage));
  const last = stages[index];
  const others = stages.reduce((sum, each) => sum + each.approvals, 0) - (last?.approvals ?? 0);
  if (last !== undefined)
    return stages.with(index, { ...last, approvals: Math.max(last.approvals, least, approvals - others) });
  const lacking = Math.max(least - (stages.at(-1)?.approvals ?? 0), approvals - others);
  return lacking > 0 ? [...stages, ...plainPlan(lacking).stages] : stages;
}

function isOnePerson({ groups, manager }: Stage): boolean {
  return manager && groups === null;
}

/** Two conditions that ask for the same people ask for them once. */
function added(counting: readonly Condition[]): Stage[] {
  const stages = new Map<string, Stage>();
  for (const stage of counting.flatMap((each) => each.stages ?? []).map(stageOf)) {
    const people = peopleOf(stage);
    const known = stages.get(people);
    stages.set(people, known === undefined || known.approvals < stage.approvals ? stage : known);
  }
  return [...stages.values()];
}

function stageOf({ title, groups, manager, approvals }: StageDocument): Stage {
  return { title, groups: groups ?? null, manager, approvals };
}

function strictest(levels: readonly (StepUpLevel | undefined)[]): StepUpLevel {
  const ranks = levels.map((level) => stepUpLevels.indexOf(level ?? 'none'));
  return stepUpLevels[Math.max(...ranks)] ?? 'passkey';
}

function longestOf({ max_duration: max, emergency }: TemplateDocument, counting: readonly Condition[]): number {
  const limits = [max, ...counting.flatMap((each) => each.max_duration ?? [])].map(milliseconds);
  return Math.min(...limits, emergency ? longestEmergencyMs : longestExceptionMs);
}

/** @param duration of a document whose schema has let it through */
function milliseconds(duration: string): number {
  return parseDuration(duration) ?? 0;
}
