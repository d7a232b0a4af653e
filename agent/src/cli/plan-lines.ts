import { findCheck } from '@postern/shared/checks/catalogue';
import type { CollectionPlan } from '@postern/shared/protocol/collection-plan';
import type { Verdict } from '@postern/shared/protocol/verdict';
import { checksOf, targetsOf } from '../plan.ts';
import { plain } from './plain.ts';
import { wrap } from './text-width.ts';

/** What a device is asked to report, and why it is only that, for the person whose device it is. */
export function planLines(plan: CollectionPlan | null, policies: Verdict['policies'], columns: number): string[] {
  const width = Math.max(16, columns);
  const lines = ['What this device is asked to report, and why it is only that', ...why(plan, policies)];
  if (plan !== null) for (const id of checksOf(plan)) lines.push(...checkLines(plan, id));
  return lines.flatMap((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    return wrap(plain(line), width - indent.length).map((part) => `${indent}${part}`);
  });
}

function why(plan: CollectionPlan | null, policies: Verdict['policies']): string[] {
  if (plan === null) return ['  The backend has not said yet. Until it does, only the version of the system is sent.'];
  if (checksOf(plan).length === 0) return ['  Nothing: no policy that applies to this device uses any reading.'];
  const names = policies.map(({ name }) => name).join(', ');
  const unknownHere = plan.checks.length - checksOf(plan).length;
  return [
    `  The policies of this device${names === '' ? '' : ` (${names})`} use these. Nothing else is read in the background, or sent.`,
    ...(unknownHere === 0 ? [] : [`  ${unknownHere} more are asked for that this agent does not know. Update it.`]),
  ];
}

function checkLines(plan: CollectionPlan, id: string): string[] {
  const check = findCheck(id);
  const hashed = id === 'identifiers' && plan.identifierKey !== null;
  return [
    `  ${check?.title ?? id}: ${check?.about ?? ''}${hashed ? ' Sent as hashes under a key of the backend, not as they are.' : ''}`,
    ...targetsOf(plan.targets, id).map((path) => `    ${path}`),
  ];
}
