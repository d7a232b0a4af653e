import type { Role } from '@postern/shared/protocol/admin';
import type { NoticeType, NotifyPreferences } from '@postern/shared/protocol/notice';
import type { Addressee } from '../exceptions/index.ts';
import { preferencesOf } from './preferences.ts';
import { type Background, subjectsOf, type ToldEntry } from './told-entries.ts';

/** Somebody who is active. */
export interface Person {
  id: string;
  roles: readonly Role[];
  notify: string;
}

/** Who is told, and whether by mail too. */
export interface Recipient {
  personId: string;
  preferences: NotifyPreferences;
  /** They may decide what is told; nobody else gets a link that does. */
  mayDecide: boolean;
}

type Whom =
  | 'approvers'
  | 'new approvers'
  | 'person'
  | 'person and manager'
  | 'everybody concerned'
  | 'reviewers'
  | 'deciders'
  | 'admins'
  | 'admins and auditors'
  | 'owner and admins'
  | 'account'
  | 'programs only';

const whom: Readonly<Record<NoticeType, Whom>> = {
  'exception.requested': 'approvers',
  'exception.edited': 'approvers',
  'exception.approval_recorded': 'new approvers',
  'exception.approved': 'person and manager',
  'exception.denied': 'person',
  'exception.withdrawn': 'person',
  'exception.lapsed': 'person',
  'exception.activated': 'person',
  'exception.expiring': 'person',
  'exception.expired': 'person',
  'exception.revoked': 'person and manager',
  'exception.relinquished': 'person',
  'exception.resolved': 'person',
  'exception.voided': 'person',
  'exception.extended': 'person',
  'emergency.used': 'everybody concerned',
  'emergency.ratified': 'person',
  'emergency.repudiated': 'person and manager',
  'emergency.review_overdue': 'reviewers',
  'review.opened': 'reviewers',
  'review.decided': 'person',
  'review.overdue': 'reviewers',
  'abuse.flagged': 'admins and auditors',
  'abuse.cleared': 'admins and auditors',
  'incident.opened': 'deciders',
  'incident.closed': 'deciders',
  'template.proposed': 'admins',
  'template.published': 'admins',
  'template.retired': 'admins',
  'template.discarded': 'admins',
  'policy.published': 'admins',
  'brake.opened': 'admins',
  'device.quarantined': 'owner and admins',
  'account.factor_added': 'account',
  'account.factor_removed': 'account',
  'account.credential_made': 'account',
  'account.password_changed': 'account',
  'account.sign_in_locked': 'account',
  'webhook.disabled': 'admins',
  'webhook.test': 'programs only',
  'audit.checkpoint': 'programs only',
  'digest.daily': 'programs only',
  'digest.weekly': 'programs only',
};

/** Whether the audience of the exception is needed to tell who is told. */
export function needsAudience(type: NoticeType): boolean {
  return ['approvers', 'new approvers', 'person', 'person and manager', 'everybody concerned'].includes(whom[type]);
}

/**
 * Who is told of an entry: never who did it, and never as an approver who asked for it or whom it is for (the audience
 * leaves them out).
 *
 * @param facts.audience of the exception that it is about
 * @param facts.people active people: all who are more than employees, and those whom these entries name (namedIn)
 * @param facts.toldBefore who was asked for an approval of that exception already
 */
export function recipientsOf(
  type: NoticeType,
  entry: ToldEntry,
  facts: {
    audience: readonly Addressee[];
    people: readonly Person[];
    background: Background;
    toldBefore: ReadonlySet<string>;
  },
): Recipient[] {
  const { audience, people, background } = facts;
  const about = subjectsOf(entry);
  const review = about.review === null ? undefined : background.reviews.get(about.review);
  const asked = review === undefined ? [] : (JSON.parse(review.reviewers) as string[]);
  const is = (role: Role) => (person: Person) => person.roles.includes(role);
  /** A request that was decided before anybody could be told of it asks nobody any more. */
  const waits = about.exception !== null && background.exceptions.get(about.exception)?.state === 'pending';
  const inAudience = (...whys: Addressee['why'][]) =>
    audience.filter(({ why }) => whys.includes(why)).map(({ personId }) => personId);
  const ids = (chosen: readonly Person[]) => chosen.map(({ id }) => id);
  const choose = (): string[] => {
    switch (whom[type]) {
      case 'approvers':
        return waits ? inAudience('approver') : [];
      case 'new approvers':
        return waits ? inAudience('approver').filter((id) => !facts.toldBefore.has(id)) : [];
      case 'person':
        // Of an emergency the verdict is told by its own name.
        if (type === 'review.decided' && review?.kind === 'emergency') return [];
        return [...inAudience('person', 'requester'), ...[review?.person_id ?? []].flat()];
      case 'person and manager':
        return inAudience('person', 'requester', 'manager');
      case 'everybody concerned':
        return ids(people.filter((each) => is('approver')(each) || is('admin')(each))).concat(
          audience.map(({ personId }) => personId),
        );
      case 'reviewers':
        return ids(
          people.filter(
            (each) =>
              each.id !== review?.person_id &&
              (asked.length === 0 ? is('approver')(each) || is('admin')(each) : asked.includes(each.id)),
          ),
        );
      case 'deciders':
        return ids(people.filter((each) => is('approver')(each) || is('admin')(each)));
      case 'admins':
        return ids(people.filter(is('admin')));
      case 'admins and auditors':
        // An admin may be whom it is about, or the only one.
        return ids(people.filter((each) => is('admin')(each) || is('auditor')(each)));
      case 'owner and admins': {
        const owner = about.device === null ? undefined : background.devices.get(about.device)?.ownerId;
        return ids(people.filter((each) => is('admin')(each) || each.id === owner));
      }
      case 'account':
        return about.person === null ? [] : [about.person];
      case 'programs only':
        return [];
    }
  };
  // Of a change to their own account they hear also when it was done in their name: it may not have been them.
  const tellsActor = whom[type] === 'account';
  const chosen = new Set(choose().filter((id) => tellsActor || id !== entry.actor.id));
  const isRequest = whom[type] === 'approvers' || whom[type] === 'new approvers';
  const known = new Map([
    ...audience.map(({ personId, notify }) => [personId, notify] as const),
    ...people.map(({ id, notify }) => [id, notify] as const),
  ]);
  return [...known]
    .filter(([id]) => chosen.has(id))
    .map(([personId, notify]) => ({ personId, preferences: preferencesOf(notify), mayDecide: isRequest }))
    .filter(({ preferences }) => !isRequest || preferences.approvals);
}

/** Whom entries may be told to besides those of the audience of an exception: the people of reviews, devices and accounts. */
export function namedIn(entries: readonly ToldEntry[], { reviews, devices }: Background): Set<string> {
  const named = [
    ...entries.map((entry) => subjectsOf(entry).person),
    ...[...reviews.values()].map((review) => review.person_id),
    ...[...reviews.values()].flatMap(({ reviewers }) => JSON.parse(reviewers) as string[]),
    ...[...devices.values()].map(({ ownerId }) => ownerId),
  ];
  return new Set(named.filter((id) => id !== null));
}
