import type { AuditEntryView } from '@postern/shared/protocol/admin';
import { AppLink } from '../../parts/app-link.tsx';
import { OutcomeSign } from '../../parts/audit/outcome-sign.tsx';
import { nameOf, titleOf } from '../../parts/audit/say-entry.ts';
import { Someone } from '../../parts/audit/someone.tsx';
import type { Column } from '../../parts/column.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.audit.columns;

/** Entries as the list shows them. */
export const entryColumns: readonly Column<AuditEntryView>[] = [
  { key: 'seq', title: words.seq, width: '6rem', show: ({ seq }) => seq, text: ({ seq }) => seq },
  { key: 'time', title: words.time, width: '9rem', show: ({ at }) => <When at={at} />, text: ({ at }) => at },
  {
    key: 'what',
    title: words.what,
    show: ({ seq, type }) => (
      <AppLink to="/audit/$seq" params={{ seq: String(seq) }} inherit>
        {titleOf(type)}
      </AppLink>
    ),
    text: ({ type }) => type,
  },
  {
    key: 'actor',
    title: words.actor,
    show: ({ actor, actorName }) => <Someone who={actor} name={actorName} />,
    text: ({ actor, actorName }) => nameOf(actor, actorName),
  },
  {
    key: 'subject',
    title: words.subject,
    show: ({ subject, subjectName }) => subject !== null && <Someone who={subject} name={subjectName} />,
    text: ({ subject, subjectName }) => (subject === null ? null : nameOf(subject, subjectName)),
  },
  {
    key: 'outcome',
    title: words.outcome,
    width: '7rem',
    show: ({ outcome }) => <OutcomeSign outcome={outcome} />,
    text: ({ outcome }) => outcome,
  },
];
