import type { AuditEntryView } from '@postern/shared/protocol/admin';
import { nameOf, titleOf } from '../../parts/audit/say-entry.ts';
import { t } from '../../strings/index.ts';

const words = t.audit.entry;

/** What happened, in a sentence. */
export function sayEntry({ type, actor, actorName, subject, subjectName }: AuditEntryView): string {
  const about = subject === null ? '' : words.aboutWhat(nameOf(subject, subjectName));
  return words.sentence(titleOf(type), words.by(nameOf(actor, actorName)), about);
}
