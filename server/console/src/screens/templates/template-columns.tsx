import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import type { TemplateVersion } from '../../parts/template/types.ts';
import { TwoLines } from '../../parts/two-lines.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.templates;

/** Templates in force. */
export const templateColumns: readonly Column<TemplateVersion>[] = [
  {
    key: 'name',
    title: words.name,
    show: ({ name, title }) => (
      <TwoLines
        first={
          <AppLink to="/templates/$name" params={{ name }}>
            {title}
          </AppLink>
        }
        second={name}
      />
    ),
    text: ({ name }) => name,
  },
  { key: 'kind', title: words.kind, show: ({ kind }) => words.kinds[kind], text: ({ kind }) => kind },
  {
    key: 'version',
    title: words.version,
    show: ({ version }) => version,
    text: ({ version }) => version,
    numeric: true,
    width: '6rem',
  },
  {
    key: 'proposedBy',
    title: words.proposedBy,
    show: ({ proposedBy }) => proposedBy ?? words.theProgram,
    text: ({ proposedBy }) => proposedBy,
  },
  {
    key: 'approvedBy',
    title: words.approvedBy,
    show: ({ approvedBy }) => approvedBy ?? words.theProgram,
    text: ({ approvedBy }) => approvedBy,
  },
  {
    key: 'published',
    title: words.published,
    show: ({ publishedAt }) => <When at={publishedAt} />,
    text: ({ publishedAt }) => publishedAt,
  },
];
