import type { NoticeType } from '@postern/shared/protocol/notice';
import { sayDuration, toTimestamp } from '@postern/shared/time';
import type { Fact, Message } from './message.ts';
import { titleOf, type Words } from './titles.ts';
import { type Background, type ExceptionFacts, subjectsOf, type ToldEntry } from './told-entries.ts';
import { cut } from './text.ts';

/** What is told of an entry. Pure: the background was read before. */
export function describeEntry(type: NoticeType, entry: ToldEntry, background: Background): Message {
  const { subject, data } = entry;
  const about = subjectsOf(entry);
  const review = about.review === null ? undefined : background.reviews.get(about.review);
  const exceptionId = about.exception ?? (review !== undefined && review.kind !== 'rule' ? review.subject_id : null);
  const exception = exceptionId === null ? undefined : background.exceptions.get(exceptionId);
  const device = about.device === null ? undefined : background.devices.get(about.device);
  const actor =
    entry.actor.kind === 'person' ? (background.names.get(entry.actor.id ?? '') ?? 'Somebody') : 'The server';
  const words: Words = {
    person: exception?.person_name ?? background.names.get(review?.person_id ?? about.person ?? '') ?? 'Somebody',
    actor,
    what: exception === undefined ? 'an exception' : whatOf(exception),
    subject: device?.name ?? named(data) ?? review?.subject_id ?? subject?.id ?? '',
    data,
  };
  const facts: Fact[] = [
    ...(exception === undefined ? [] : factsOf(exception)),
    ...(device === undefined || exception !== undefined ? [] : [{ label: 'Of', value: device.ownerName }]),
    ...(review === undefined ? [] : [{ label: 'Due', value: toTimestamp(review.due_at) }]),
    ...(entry.actor.kind === 'person' ? [{ label: 'By', value: actor }] : []),
  ];
  const hash = data['requestHash'];
  const waits = type === 'exception.requested' || type === 'exception.edited' || type === 'exception.approval_recorded';
  return {
    type,
    at: entry.at,
    title: cut(titleOf(type, words), 300),
    facts,
    text: entry.text,
    subject: exception !== undefined && review === undefined ? { kind: 'exception', id: exception.id } : subject,
    person: exception?.person_id ?? review?.person_id ?? device?.ownerId ?? null,
    device: exception?.device_id ?? about.device,
    data,
    decide:
      waits && exception !== undefined && typeof hash === 'string'
        ? { exception: exception.id, requestHash: hash, lapsesAt: exception.lapses_at }
        : null,
  };
}

function factsOf(exception: ExceptionFacts): Fact[] {
  const { kind, role, template, person_id, requested_by, expires_at } = exception;
  const resources = JSON.parse(exception.resources) as string[];
  const rules = JSON.parse(exception.rules) as string[];
  return [
    { label: 'Who', value: exception.person_name },
    ...(requested_by === person_id ? [] : [{ label: 'Asked by', value: exception.requester_name }]),
    { label: 'Device', value: exception.device_name },
    ...(kind === 'access' ? [] : [{ label: 'Rules', value: rules.join(', ') }]),
    ...(resources.length === 0 ? [] : [{ label: 'Resources', value: resources.join(', ') }]),
    ...(role === null ? [] : [{ label: 'Role', value: role }]),
    { label: 'How long', value: sayDuration(exception.duration_ms) },
    ...(expires_at === null ? [] : [{ label: 'Until', value: toTimestamp(expires_at) }]),
    ...(template === null ? [] : [{ label: 'Template', value: template }]),
  ];
}

function whatOf({ kind }: { kind: string }): string {
  return kind === 'access' ? 'temporary access' : 'an exception';
}

/** What an entry calls the thing that it is about. */
function named(data: ToldEntry['data']): string | undefined {
  for (const name of ['sentence', 'title', 'label', 'name', 'check', 'rule', 'kind']) {
    const value = data[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
