import type { AuditEntry } from '../chain.ts';

/** A class of OCSF 1.9 and what happened within it. */
export interface OcsfClass {
  category: number;
  class: number;
  name: string;
  activity: number;
}

const entity = { category: 3, class: 3004, name: 'Entity Management' };
const user = { category: 3, class: 3007, name: 'User Management' };
const authentication = { category: 3, class: 3002, name: 'Authentication' };
const authorize = { category: 3, class: 3003, name: 'Authorize Session' };
const compliance = { category: 2, class: 2003, name: 'Compliance Finding' };
const configState = { category: 5, class: 5019, name: 'Device Config State Change' };
const base = { category: 0, class: 0, name: 'Base Event' };

// Activities of Entity Management.
const create = 1;
const read = 2;
const update = 3;
const remove = 4;
const enroll = 6;
const unenroll = 7;
const activate = 10;
const deactivate = 11;
const suspend = 12;
const resume = 13;
const other = 99;

const entityActivities: Readonly<Record<string, number>> = {
  requested: create,
  edited: update,
  'approval-recorded': update,
  approved: update,
  begun: activate,
  denied: deactivate,
  withdrawn: deactivate,
  lapsed: deactivate,
  expired: deactivate,
  revoked: deactivate,
  relinquished: deactivate,
  resolved: deactivate,
  superseded: deactivate,
  voided: deactivate,
  enrolled: enroll,
  retired: unenroll,
  suspended: suspend,
  quarantined: suspend,
  resumed: resume,
  released: resume,
  admitted: activate,
  created: create,
  opened: create,
  drafted: create,
  proposed: create,
  added: create,
  imported: create,
  removed: remove,
  discarded: remove,
  published: activate,
  closed: deactivate,
  disabled: deactivate,
  read,
  exported: read,
  'text-erased': update,
};

const userActivities: Readonly<Record<string, number>> = {
  'user.created': 1,
  'user.changed': 2,
  'passkey.added': 12,
  'authenticator-app.added': 12,
  'passkey.removed': 13,
  'authenticator-app.removed': 13,
  'api-token.created': 18,
  'sign-in-link.created': 18,
  'sign-in-token.created': 18,
  'api-token.revoked': 19,
};

const authenticationActivities: Readonly<Record<string, number>> = {
  'person.signed-in': 1,
  'person.sign-in-refused': 1,
  'person.signed-out': 2,
  'step-up.passed': other,
  'step-up.refused': other,
};

/** Captions of activities, as the schema has them. */
const captions: ReadonlyMap<OcsfClass['class'], Readonly<Record<number, string>>> = new Map([
  [
    entity.class,
    {
      [create]: 'Create',
      [read]: 'Read',
      [update]: 'Update',
      [remove]: 'Delete',
      [enroll]: 'Enroll',
      [unenroll]: 'Unenroll',
      [activate]: 'Activate',
      [deactivate]: 'Deactivate',
      [suspend]: 'Suspend',
      [resume]: 'Resume',
    },
  ],
  [
    user.class,
    {
      1: 'Create',
      2: 'Update',
      12: 'Enable MFA Factors',
      13: 'Disable MFA Factors',
      18: 'Add Programmatic Credentials',
      19: 'Remove Programmatic Credentials',
    },
  ],
  [authentication.class, { 1: 'Logon', 2: 'Logoff' }],
  [authorize.class, { 1: 'Assign Privileges' }],
  [compliance.class, { 2: 'Update' }],
  [configState.class, { 1: 'Log' }],
]);

/** What the schema calls the activity; of another one, what Postern calls it. */
export function activityName({ class: classUid, activity }: OcsfClass, { type }: Pick<AuditEntry, 'type'>): string {
  return captions.get(classUid)?.[activity] ?? type;
}

/** Kinds of things whose lives are told by Entity Management. */
const entities = new Set([
  'exception',
  'emergency',
  'device',
  'gateway',
  'resource',
  'policy',
  'template',
  'review',
  'brake',
  'feed',
  'webhook',
  'incident',
  'enrollment-token',
  'audit',
]);

/**
 * The class for an entry. Account Change (3001) and User Access Management (3005) are deprecated since OCSF 1.9: people are
 * told of by User Management. A refusal is the activity that was refused, with its status; what no class fits is a Base Event.
 */
export function classOf({ type }: Pick<AuditEntry, 'type'>): OcsfClass {
  const dot = type.indexOf('.');
  const [kind, happened] = [type.slice(0, dot), type.slice(dot + 1)];
  const ofUser = userActivities[type];
  if (ofUser !== undefined) return { ...user, activity: ofUser };
  const ofSession = authenticationActivities[type];
  if (ofSession !== undefined) return { ...authentication, activity: ofSession };
  if (type === 'token.issued' || type === 'token.refused') return { ...authorize, activity: 1 };
  if (type === 'token.revoked') return { ...authorize, activity: other };
  if (type === 'verdict.changed') return { ...compliance, activity: 2 };
  if (type === 'device.ownership-changed') return { ...configState, activity: 1 };
  if (entities.has(kind)) return { ...entity, activity: entityActivities[happened] ?? other };
  return { ...base, activity: other };
}
