import { useParams } from '@tanstack/react-router';
import { useGet } from '../../api/queries.ts';
import { NotYet } from '../../parts/not-yet.tsx';
import type { TemplateProposal } from '../../parts/template/types.ts';
import { t } from '../../strings/index.ts';
import { NewProposal } from './new-proposal.tsx';
import { StoredProposal } from './stored-proposal.tsx';

/** A text that may become a template; `new` is one that nobody has proposed yet. */
export default function Proposal() {
  const { id = '' } = useParams({ strict: false });
  return id === 'new' ? <NewProposal /> : <Stored id={id} />;
}

function Stored({ id }: { id: string }) {
  const { data, error, refetch } = useGet<TemplateProposal>(`/v1/admin/templates/proposals/${id}`);
  if (data === undefined || data.id !== id)
    return <NotYet error={error} refetch={refetch} title={t.common.things.templateProposal} />;
  return <StoredProposal proposal={data} />;
}
