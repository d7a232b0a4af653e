import { t } from '../../strings/index.ts';
import { AppLink } from '../app-link.tsx';
import type { Column } from '../column.ts';
import { When } from '../when.tsx';
import { DraftSign } from './signs.tsx';
import type { DraftSummary } from './types.ts';

const words = t.policies;

function nameOf({ action, policy }: DraftSummary): string {
  const name = policy ?? words.nameless;
  return action === 'retire' ? words.retiring(name) : name;
}

/** Drafts as lists show them. */
export const draftColumns: readonly Column<DraftSummary>[] = [
  {
    key: 'policy',
    title: words.policy,
    show: (draft) => (
      <AppLink to="/policy-drafts/$id" params={{ id: draft.id }}>
        {nameOf(draft)}
      </AppLink>
    ),
    text: nameOf,
  },
  {
    key: 'state',
    title: words.state,
    show: ({ state, outdated }) => <DraftSign state={state} outdated={outdated} />,
    text: ({ state }) => words.states[state],
  },
  {
    key: 'editedBy',
    title: words.editedBy,
    show: ({ editedBy }) => editedBy.name,
    text: ({ editedBy }) => editedBy.name,
  },
  {
    key: 'edited',
    title: words.edited,
    show: ({ editedAt }) => <When at={editedAt} />,
    text: ({ editedAt }) => editedAt,
  },
  { key: 'note', title: words.note, show: ({ note }) => note ?? '', text: ({ note }) => note },
];
