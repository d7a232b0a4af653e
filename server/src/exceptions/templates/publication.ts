import { sha256 } from '@postern/shared/digest';
import type { TemplateDocument } from '@postern/shared/protocol/template';
import type { Instant } from '@postern/shared/time';
import type { Actor, AuditEvent } from '../../audit/event.ts';
import { type Change, insert, updateOne } from '../../storage/change.ts';
import type { Database } from '../../storage/database.ts';
import type { Store, Unit } from '../../storage/store.ts';

type Row = Database['exception_templates'];

/** What is published of one template. */
export interface Published {
  /** Null: no version of it is in force. */
  current: Row | null;
  /** The highest version that there ever was; 0: none. Numbers are not used twice. */
  latest: number;
}

/** How a publication came to be allowed. */
export interface Publisher {
  actor: Actor;
  approval: 'second-person' | 'single-admin' | 'first-start';
  /** Ids of people; null where it came with the program. */
  proposedBy: string | null;
  approvedBy: string | null;
  note: string | null;
  /** The proposal, if there was one. */
  proposal: string | null;
}

export async function readPublished({ read }: Pick<Store, 'read'>, name: string): Promise<Published> {
  const rows = await read
    .selectFrom('exception_templates')
    .selectAll()
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .execute();
  return { current: rows.find(({ current }) => current === 1) ?? null, latest: rows[0]?.version ?? 0 };
}

/** Puts a document into force as the next version of its template. Requests that wait are held to it when they are approved. */
export function templatePublication(
  published: Published,
  { document, text }: { document: TemplateDocument; text: string },
  publisher: Publisher,
  now: Instant,
): Unit {
  const row: Row = {
    name: document.template,
    version: published.latest + 1,
    kind: document.kind,
    title: document.title,
    document: text,
    current: 1,
    proposed_by: publisher.proposedBy,
    approved_by: publisher.approvedBy,
    published_at: now,
  };
  const data = { version: row.version, documentHash: sha256(text) };
  return {
    changes: [...outOfForce(published), insert('exception_templates', row)],
    audit: [entry('template.published', row.name, published, data, publisher, now)],
  };
}

/** Takes a template out of force. Its versions stay. */
export function templateRetirement(published: Published, name: string, publisher: Publisher, now: Instant): Unit {
  return {
    changes: outOfForce(published),
    audit: [entry('template.retired', name, published, {}, publisher, now)],
  };
}

function outOfForce({ current }: Published): Change[] {
  if (current === null) return [];
  const { name, version } = current;
  return [updateOne('exception_templates', { name, version, current: 1 }, { current: 0 })];
}

function entry(
  type: 'template.published' | 'template.retired',
  name: string,
  { current }: Published,
  data: AuditEvent['data'],
  { actor, approval, note, proposal, proposedBy, approvedBy }: Publisher,
  now: Instant,
): AuditEvent {
  const facts = { ...data, previousVersion: current?.version ?? null, approval, proposal, proposedBy, approvedBy };
  const subject = { kind: 'template', id: name };
  return { at: now, type, outcome: 'success', actor, subject, data: facts, ...(note === null ? {} : { text: note }) };
}
