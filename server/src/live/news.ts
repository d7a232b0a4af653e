import { type LiveTopic, liveTopics } from '@postern/shared/protocol/live';
import type { AuditEntry } from '../audit/chain.ts';
import type { Change } from '../storage/change.ts';
import type { TableName } from '../storage/database.ts';
import { topicsOf } from './topics.ts';

/** That something of a topic is different now, and what says whom it may concern who does not read all of it. */
export interface News {
  topic: LiveTopic;
  /** Null: any of them may be. */
  id: string | null;
  device?: string | undefined;
  exception?: string | undefined;
  review?: string | undefined;
  /** Ids of people whom it concerns. */
  people?: readonly string[];
  /** It may concern whoever is here. */
  everybody?: true;
}

/** An entry, written or read. */
export type Happened = Pick<AuditEntry, 'at' | 'type' | 'actor' | 'subject' | 'data'>;

/** What somebody watches without it being in the audit. */
const byTable: Partial<Record<TableName, LiveTopic>> = {
  evidence: 'devices',
  device_trust: 'devices',
  policy_replays: 'policies',
  deliveries: 'webhooks',
  ssf_streams: 'gateways',
  ssf_events: 'gateways',
};

/** Topics whose things are named by the subject of an entry of that kind. */
const subjects: Readonly<Record<string, LiveTopic>> = {
  device: 'devices',
  exception: 'exceptions',
  review: 'reviews',
  person: 'people',
  gateway: 'gateways',
  stream: 'gateways',
  webhook: 'webhooks',
};

/** What an entry of the audit means for whoever looks. Pure. */
export function newsOf({ type, subject, data }: Happened): News[] {
  if (type === 'backup.restored') return everything();
  const named = (kind: string) => {
    const given = subject?.kind === kind ? subject.id : data[kind];
    return typeof given === 'string' ? given : undefined;
  };
  const person = named('person');
  const reviewers = Array.isArray(data['reviewers'])
    ? data['reviewers'].filter((each) => typeof each === 'string')
    : [];
  const about = {
    device: named('device'),
    exception: named('exception'),
    review: named('review'),
    people: [...(person === undefined ? [] : [person]), ...reviewers],
  };
  const newsOfTopic = (topic: LiveTopic): News => {
    const id = subject !== null && subjects[subject.kind] === topic ? subject.id : null;
    // Of no device in particular: a policy may concern each.
    const ofNone = topic === 'devices' && about.device === undefined;
    return { topic, id, ...about, ...(ofNone ? { everybody: true } : {}) };
  };
  const news = (topicsOf(type) ?? []).map(newsOfTopic);
  // Whoever it was done to; what they themselves are shown of it is below /v1/me.
  if (subject?.kind === 'person' && topicsOf(type)?.includes('people') === true)
    news.push({ topic: 'me', id: null, people: [subject.id] });
  return news;
}

/** Whether somebody who reads the audit sees something new. That they read it is no reason to read it again. */
export function showsInAudit({ type }: Pick<Happened, 'type'>): boolean {
  return type !== 'audit.read';
}

/** What changes mean of which the audit says nothing, and which may come by the hundred in a second. Pure. */
export function newsOfChanges(changes: readonly Change[]): News[] {
  return changes.flatMap((change) => {
    const topic = byTable[change.table];
    if (topic === undefined) return [];
    const device = topic === 'devices' ? textOf(change, 'device_id') : undefined;
    return [{ topic, id: device ?? null, device }];
  });
}

/** Whose notices, or saved views, are different. Pure. */
export function newsOfPersonal(changes: readonly Change[]): News[] {
  const inTable = (table: TableName, topic: LiveTopic): News[] => {
    const people = changes.flatMap((change) => {
      const person = change.table === table ? textOf(change, 'person_id') : undefined;
      return person === undefined ? [] : [person];
    });
    return people.length === 0 ? [] : [{ topic, id: null, people: [...new Set(people)] }];
  };
  return [...inTable('notices', 'notices'), ...inTable('saved_views', 'me')];
}

function textOf(change: Change, name: string): string | undefined {
  const value = change.kind === 'insert' ? change.row[name] : change.where[name];
  return typeof value === 'string' ? value : undefined;
}

/** Nobody knows what happened: everything may be different. */
export function everything(): News[] {
  return liveTopics.map((topic) => ({ topic, id: null, everybody: true }));
}
