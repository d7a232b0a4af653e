import { own } from '@postern/shared/own';
import type { NoticeType } from '@postern/shared/protocol/notice';
import { minute, sayDuration } from '@postern/shared/time';
import type { ToldEntry } from './told-entries.ts';

/** What the sentences are made of. All of it is plain text that people may have chosen. */
export interface Words {
  person: string;
  actor: string;
  what: string;
  subject: string;
  data: ToldEntry['data'];
}

type Told = Exclude<NoticeType, `digest.${string}` | 'webhook.test' | 'audit.checkpoint'>;

const titles: Readonly<Record<Told, (words: Words) => string>> = {
  'exception.requested': ({ person, what }) => `${person} asks for ${what}`,
  'exception.edited': ({ person, what }) => `${person}'s request for ${what} was changed and waits again`,
  'exception.approval_recorded': ({ person, what }) => `${person}'s request for ${what} waits for the next approval`,
  'exception.approved': ({ person, what }) => `${person}'s request for ${what} was approved`,
  'exception.denied': ({ person, what }) => `${person}'s request for ${what} was denied`,
  'exception.withdrawn': ({ person, what }) => `${person}'s request for ${what} was withdrawn`,
  'exception.lapsed': ({ person, what }) => `${person}'s request for ${what} lapsed: nobody decided it while it stood`,
  'exception.activated': ({ person, what }) => `${person}'s ${bare(what)} has begun`,
  'exception.expiring': ({ person, what, data }) =>
    `${person}'s ${bare(what)} ends in ${sayDuration(wholeMinutes(Number(data['leftMs'])))}`,
  'exception.expired': ({ person, what }) => `${person}'s ${bare(what)} has ended`,
  'exception.revoked': ({ person, what, actor }) => `${actor} ended ${person}'s ${bare(what)}`,
  'exception.relinquished': ({ person, what }) => `${person} gave back ${what}`,
  'exception.resolved': ({ person, what }) => `${person}'s ${bare(what)} is not needed any more and has ended`,
  'exception.voided': ({ person, what }) =>
    `${person}'s ${bare(what)} holds no more: what it was granted for has changed`,
  'exception.extended': ({ person, what }) => `${person}'s ${bare(what)} was extended`,
  'emergency.used': ({ person }) => `${person} used emergency access`,
  'emergency.ratified': ({ person }) => `The emergency of ${person} was found to be one`,
  'emergency.repudiated': ({ person }) => `The emergency of ${person} was found to be none`,
  'emergency.review_overdue': ({ person }) => `The review of the emergency of ${person} is overdue`,
  'review.opened': ({ subject }) => `There is something to review: ${subject}`,
  'review.decided': ({ subject }) => `A review was decided: ${subject}`,
  'review.overdue': ({ subject }) => `A review is overdue: ${subject}`,
  'abuse.flagged': ({ subject }) => `Exceptions look misused: ${subject}`,
  'abuse.cleared': ({ subject }) => `Nothing looks misused any more: ${subject}`,
  'incident.opened': ({ actor }) => `${actor} declared an incident`,
  'incident.closed': ({ actor }) => `${actor} declared the incident over`,
  'template.proposed': ({ actor, subject }) => `${actor} proposes a template of exceptions: ${subject}`,
  'template.published': ({ subject }) => `A template of exceptions is in force: ${subject}`,
  'template.retired': ({ subject }) => `A template of exceptions is out of force: ${subject}`,
  'template.discarded': ({ subject }) => `A proposed template of exceptions was discarded: ${subject}`,
  'policy.published': ({ subject }) => `A policy is in force: ${subject}`,
  'brake.opened': ({ subject }) => `A check is doubted on many devices at once: ${subject}`,
  'device.quarantined': ({ subject }) => `A device is in quarantine: ${subject}`,
  'account.factor_added': ({ actor, person }) =>
    `${actor} added a passkey or an authenticator app to ${person}'s account`,
  'account.factor_removed': ({ actor, person }) =>
    `${actor} removed a passkey or an authenticator app from ${person}'s account`,
  'account.credential_made': ({ actor, person }) =>
    `${actor} made a sign-in link or an API token for ${person}'s account`,
  'account.password_changed': ({ actor, person }) => `${actor} set or removed the password of ${person}'s account`,
  'account.sign_in_locked': ({ person }) =>
    `Wrong passwords were tried for ${person}'s account; for a while none is taken`,
  'webhook.disabled': ({ subject }) => `A webhook takes no more messages and was disabled: ${subject}`,
};

/** A reminder of ten minutes goes out a moment after they began. */
function wholeMinutes(milliseconds: number): number {
  return Math.ceil(milliseconds / minute) * minute;
}

/** The one sentence that says what happened. */
export function titleOf(type: NoticeType, words: Words): string {
  return own<(words: Words) => string>(titles, type)?.(words) ?? type;
}

function bare(what: string): string {
  return what.replace(/^an /, '');
}
