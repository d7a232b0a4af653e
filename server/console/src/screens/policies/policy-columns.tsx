import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { EnforcementSign } from '../../parts/policy/signs.tsx';
import type { PolicyVersion } from '../../parts/policy/types.ts';
import { TwoLines } from '../../parts/two-lines.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.policies;

/** Policies in force. */
export const policyColumns: readonly Column<PolicyVersion>[] = [
  {
    key: 'name',
    title: words.policy,
    show: ({ name, title }) => (
      <TwoLines
        first={
          <AppLink to="/policies/$name" params={{ name }}>
            {title}
          </AppLink>
        }
        second={name}
      />
    ),
    text: ({ name }) => name,
  },
  {
    key: 'version',
    title: words.version,
    show: ({ version }) => version,
    text: ({ version }) => version,
    numeric: true,
    width: '6rem',
  },
  {
    key: 'enforcement',
    title: words.enforcement,
    show: ({ enforcement }) => <EnforcementSign enforcement={enforcement} />,
    text: ({ enforcement }) => enforcement,
  },
  {
    key: 'drafted',
    title: words.draftedBy,
    show: ({ draftedBy }) => draftedBy ?? words.nobody,
    text: ({ draftedBy }) => draftedBy,
  },
  {
    key: 'approved',
    title: words.approvedBy,
    show: ({ approvedBy }) => approvedBy ?? words.nobody,
    text: ({ approvedBy }) => approvedBy,
  },
  {
    key: 'published',
    title: words.published,
    show: ({ publishedAt }) => <When at={publishedAt} />,
    text: ({ publishedAt }) => publishedAt,
  },
];
