import { Badge, Group, type MantineColor } from '@mantine/core';
import { t } from '../../strings/index.ts';
import { AppLink } from '../app-link.tsx';
import type { Column } from '../column.ts';
import { When } from '../when.tsx';
import type { TemplateProposal } from './types.ts';

const words = t.templates;

const colors: Readonly<Record<TemplateProposal['state'], MantineColor>> = {
  proposed: 'blue',
  published: 'green',
  discarded: 'gray',
};

/** Where a proposal is; one that was overtaken says so. */
export function ProposalSign({ state, outdated }: Pick<TemplateProposal, 'state' | 'outdated'>) {
  return (
    <Group gap={4}>
      <Badge color={colors[state]}>{words.states[state]}</Badge>
      {outdated && <Badge color="yellow">{t.drafting.outdated}</Badge>}
    </Group>
  );
}

/** Proposals as lists show them. */
export const proposalColumns: readonly Column<TemplateProposal>[] = [
  {
    key: 'name',
    title: words.name,
    show: ({ id, name }) => (
      <AppLink to="/template-proposals/$id" params={{ id }}>
        {name}
      </AppLink>
    ),
    text: ({ name }) => name,
  },
  {
    key: 'action',
    title: words.action,
    show: ({ action }) => words.actions[action],
    text: ({ action }) => action,
  },
  {
    key: 'state',
    title: words.state,
    show: ({ state, outdated }) => <ProposalSign state={state} outdated={outdated} />,
    text: ({ state }) => state,
  },
  {
    key: 'by',
    title: words.proposedBy,
    show: ({ proposedBy }) => proposedBy.name,
    text: ({ proposedBy }) => proposedBy.name,
  },
  {
    key: 'at',
    title: words.proposed,
    show: ({ proposedAt }) => <When at={proposedAt} />,
    text: ({ proposedAt }) => proposedAt,
  },
  { key: 'note', title: words.note, show: ({ note }) => note ?? '', text: ({ note }) => note },
];
