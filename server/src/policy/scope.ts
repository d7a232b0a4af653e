import type { PolicyDocument } from '@postern/shared/protocol/policy';
import type { Subject } from './subject.ts';
import type { Asked } from './types.ts';

export type Scope = PolicyDocument['applies_to'];

/** Whether a policy is for this person on this device, whatever they ask for. What is not known is not a way out. */
export function concernsSubject({ platforms, users, groups, ownership }: Scope, subject: Subject): boolean {
  const { person } = subject;
  if (platforms !== undefined && !platforms.includes(subject.platform)) return false;
  if (ownership !== undefined && subject.ownership !== 'unknown' && !ownership.includes(subject.ownership))
    return false;
  if (users === undefined && groups === undefined) return true;
  return (
    users?.includes(person.email.toLowerCase()) === true ||
    groups?.some((group) => person.groups.includes(group)) === true
  );
}

/** Whether a policy has a say in access to this resource; null: in what the device is as such. */
export function concernsResource({ resources, resource_tiers: tiers }: Scope, resource: Asked | null): boolean {
  if (resources === undefined && tiers === undefined) return true;
  if (resource === null) return false;
  if (resources?.includes(resource.name) === true) return true;
  // Nobody has said how much harm the wrong one could do there: every tier's policy counts.
  return tiers !== undefined && (resource.tier === null || tiers.includes(resource.tier));
}
