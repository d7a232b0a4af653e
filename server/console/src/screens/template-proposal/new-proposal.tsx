import { useGet } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { ScreenNotForYou } from '../../parts/not-for-you.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import type { TemplateVersion } from '../../parts/template/types.ts';
import { t } from '../../strings/index.ts';
import { ProposalForm } from './proposal-form.tsx';

/** Begins with what a template says now, with another proposal, or with the shortest template that there is. */
export function NewProposal() {
  const { value } = useSearchState(['template']);
  const isAdmin = useIs('admin');
  const { data, error, refetch } = useGet<{ items: TemplateVersion[] }>(
    `/v1/admin/templates/${value.template ?? ''}`,
    {},
    { enabled: value.template !== undefined },
  );
  if (!isAdmin) return <ScreenNotForYou />;
  if (value.template === undefined) return <ProposalForm document={t.templates.starter} name={undefined} />;
  const [newest] = data?.items ?? [];
  if (newest === undefined) return <NotYet error={error} refetch={refetch} title={t.common.things.templateProposal} />;
  return <ProposalForm document={newest.document} name={newest.name} />;
}
