import { catalogue, findCheck } from '@postern/shared/checks/catalogue';
import type { TemplateDocument } from '@postern/shared/protocol/template';
import { day, hour, minute, parseDuration, sayDuration } from '@postern/shared/time';
import { suggestion } from '../../nearest-name.ts';
import { type DocumentFault, longestExceptionMs } from '../../policy/index.ts';
import { conditionFault } from '../plan/conditions.ts';

/** No emergency is longer than this, whatever a template says. */
export const longestEmergencyMs = hour;

const longestTotalMs = 90 * day;
const longestUseWithinMs = 7 * day;

type Path = DocumentFault['path'];

/** What a schema cannot say about a template: whether it makes sense, and whether it keeps within what nobody may exceed. */
export function templateFaults(document: TemplateDocument): DocumentFault[] {
  return [
    ...timeFaults(document),
    ...scopeFaults(document),
    ...(document.emergency ? emergencyFaults(document) : []),
    ...stageFaults(document.stages, ['stages']),
    ...document.conditions.flatMap((condition, index) => conditionFaults(document, condition, ['conditions', index])),
    ...repeated(
      document.reason_codes.map(({ code }) => code),
      (index) => ['reason_codes', index, 'code'],
    ),
  ];
}

function timeFaults({ durations, max_duration: max, max_total: total, use_within: within }: TemplateDocument) {
  const maxMs = parseDuration(max) ?? 0;
  return [
    ...between(['max_duration'], maxMs, minute, longestExceptionMs),
    ...durations.flatMap((each, index) => between(['durations', index], parseDuration(each) ?? 0, minute, maxMs)),
    ...(total === undefined ? [] : between(['max_total'], parseDuration(total) ?? 0, maxMs, longestTotalMs)),
    ...between(['use_within'], parseDuration(within) ?? 0, minute, longestUseWithinMs),
  ];
}

function scopeFaults({ kind, allows, begins }: TemplateDocument): DocumentFault[] {
  if (kind === 'access') {
    const message = 'has no meaning for temporary access, which waives no rule';
    return (['checks', 'rules'] as const).flatMap((name) => found(['allows', name], allows[name] && message));
  }
  const known = catalogue.map(({ id }) => id);
  return [
    ...found(['begins'], begins === 'first-use' ? 'can be first-use for temporary access only' : undefined),
    ...(allows.checks ?? []).flatMap((id, index) =>
      found(
        ['allows', 'checks', index],
        findCheck(id) === undefined
          ? `is not in the catalogue of checks${suggestion(id, known) || '.'} There are ${known.join(', ')}`
          : undefined,
      ),
    ),
  ];
}

/** What nobody approves is short, proved by a key in the hand of who asks, and for people who were named before. */
function emergencyFaults(document: TemplateDocument): DocumentFault[] {
  const { max_duration: max, step_up: stepUp, begins } = document;
  const isTooLong = (parseDuration(max) ?? 0) > longestEmergencyMs;
  return [
    ...found(
      ['max_duration'],
      isTooLong ? `must be at most ${sayDuration(longestEmergencyMs)} in an emergency` : undefined,
    ),
    ...found(['step_up', 'request'], stepUp.request === 'passkey' ? undefined : 'must be passkey in an emergency'),
    ...found(['for', 'groups'], document.for.groups ? undefined : 'must say who may use it in an emergency'),
    ...found(['begins'], begins === 'approval' ? undefined : 'must be approval: an emergency begins at once'),
  ];
}

function conditionFaults(
  { emergency }: TemplateDocument,
  condition: TemplateDocument['conditions'][number],
  at: Path,
): DocumentFault[] {
  const { when, deny, stages, approvals, auto_approve: auto, max_duration: max, step_up: stepUp } = condition;
  const asksMore = deny !== undefined || stages !== undefined || approvals !== undefined;
  const doesNothing = !asksMore && auto === undefined && max === undefined && stepUp === undefined;
  const fault = conditionFault(when);
  return [
    ...stageFaults(stages ?? [], [...at, 'stages']),
    ...(fault === undefined ? [] : [{ path: [...at, 'when'], ...fault }]),
    ...found(
      at,
      doesNothing ? 'does nothing: say deny, stages, approvals, step_up, max_duration or auto_approve' : undefined,
    ),
    ...found([...at, 'auto_approve'], auto && asksMore ? 'cannot stand beside deny, stages or approvals' : undefined),
    ...found([...at, 'auto_approve'], auto && emergency ? 'has no meaning in an emergency' : undefined),
    ...found(
      [...at, 'max_duration'],
      max && (parseDuration(max) ?? 0) < minute ? 'must be at least 1 minute' : undefined,
    ),
  ];
}

/** A manager is one person, who cannot approve twice. */
function stageFaults(stages: TemplateDocument['stages'], at: Path): DocumentFault[] {
  return stages.flatMap(({ manager, groups, approvals }, index) =>
    found(
      [...at, index, 'approvals'],
      manager && groups === undefined && approvals > 1 && 'must be 1 for the manager alone, who is one person',
    ),
  );
}

function between(path: Path, milliseconds: number, least: number, most: number): DocumentFault[] {
  if (milliseconds >= least && milliseconds <= most) return [];
  return [{ path, message: `must be between ${sayDuration(least)} and ${sayDuration(most)}` }];
}

function repeated(names: readonly string[], pathOf: (index: number) => Path): DocumentFault[] {
  return names.flatMap((each, index) =>
    found(pathOf(index), names.indexOf(each) < index ? 'is used twice' : undefined),
  );
}

function found(path: Path, message: string | false | undefined): DocumentFault[] {
  return typeof message === 'string' ? [{ path, message }] : [];
}
