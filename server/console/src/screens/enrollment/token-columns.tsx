import { Badge, Button } from '@mantine/core';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { tokenState } from './token-state.ts';
import type { EnrollmentToken } from './types.ts';

const words = t.enrollment.tokens;
const stateOf = (token: EnrollmentToken) => tokenState(token, Date.now());

/** Enrollment tokens, each with the way to revoke it. */
export function tokenColumns(revoke: (token: EnrollmentToken) => void): Column<EnrollmentToken>[] {
  return [
    {
      key: 'owner',
      title: words.columns.owner,
      show: ({ owner, ownerName }) => (
        <AppLink to="/people/$id" params={{ id: owner }} inherit>
          {ownerName}
        </AppLink>
      ),
      text: ({ ownerName }) => ownerName,
      width: '26%',
    },
    {
      key: 'state',
      title: words.columns.state,
      show: (token) => {
        const state = stateOf(token);
        return <Badge color={state === 'open' ? 'green' : 'gray'}>{words.state[state]}</Badge>;
      },
      text: (token) => words.state[stateOf(token)],
    },
    {
      key: 'uses',
      title: words.columns.uses,
      show: ({ usesLeft }) => usesLeft,
      text: ({ usesLeft }) => usesLeft,
      numeric: true,
    },
    {
      key: 'admission',
      title: words.columns.admission,
      show: ({ pending }) => (pending ? words.waits : words.atOnce),
      text: ({ pending }) => (pending ? words.waits : words.atOnce),
    },
    {
      key: 'expires',
      title: words.columns.expires,
      show: ({ expiresAt }) => <When at={expiresAt} />,
      text: ({ expiresAt }) => expiresAt,
    },
    {
      key: 'made',
      title: words.columns.made,
      show: ({ createdAt }) => <When at={createdAt} />,
      text: ({ createdAt }) => createdAt,
    },
    {
      key: 'actions',
      title: t.common.actions,
      show: (token) =>
        stateOf(token) === 'open' ? (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={words.revokeOne(token.ownerName)}
            onClick={() => revoke(token)}
          >
            {words.revoke}
          </Button>
        ) : null,
      text: () => null,
    },
  ];
}
