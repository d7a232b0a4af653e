import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.policies;

function resultOf({ state, summary }: PolicyReplay): string {
  return summary === null ? words.replayStates[state] : words.newlyBlocked(summary.changes['newly-blocked']);
}

/** Replays that are kept. */
export const replayColumns: readonly Column<PolicyReplay>[] = [
  {
    key: 'policy',
    title: words.policy,
    show: ({ id, policy }) => (
      <AppLink to="/policy-replays/$id" params={{ id }}>
        {policy}
      </AppLink>
    ),
    text: ({ policy }) => policy,
  },
  { key: 'result', title: words.result, show: resultOf, text: resultOf },
  { key: 'by', title: words.by, show: ({ startedBy }) => startedBy, text: ({ startedBy }) => startedBy },
  {
    key: 'started',
    title: words.started,
    show: ({ startedAt }) => <When at={startedAt} />,
    text: ({ startedAt }) => startedAt,
  },
];
