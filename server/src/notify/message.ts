import type { Json } from '@postern/shared/canonical';
import type { NoticeType } from '@postern/shared/protocol/notice';
import type { Instant } from '@postern/shared/time';

/** One fact of a message. The value may hold what people and devices wrote. */
export interface Fact {
  label: string;
  value: string;
}

/**
 * What is told, before it is put into the form of a channel. Nothing in it is trusted: names, facts and text are escaped
 * by every channel in its own way (slack-body.ts, mail-body.ts). It holds no link and no code: those are made when it is sent.
 */
export interface Message {
  type: NoticeType;
  at: Instant;
  /** One sentence. */
  title: string;
  facts: readonly Fact[];
  /** What a person wrote about it: a justification, a reason. */
  text: string | null;
  subject: { kind: string; id: string } | null;
  /** Whom and which device it is about. */
  person: string | null;
  device: string | null;
  /** For programs: the facts of the audit entry. */
  data: { [name: string]: Json };
  /** A request that whoever is told may decide. */
  decide: { exception: string; requestHash: string; lapsesAt: Instant } | null;
}

/** Where people read on. */
export function pageOf({ subject }: Pick<Message, 'subject'>, issuer: string): string {
  return subject?.kind === 'exception' ? `${issuer}/console/#/exceptions/${subject.id}` : `${issuer}/console/`;
}
