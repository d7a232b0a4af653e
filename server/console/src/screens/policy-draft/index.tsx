import { useParams } from '@tanstack/react-router';
import { useGet } from '../../api/queries.ts';
import { NotYet } from '../../parts/not-yet.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { t } from '../../strings/index.ts';
import { NewDraft } from './new-draft.tsx';
import { SavedDraft } from './saved-draft.tsx';

/** A text on its way to what counts; `new` is one that nobody has saved yet. */
export default function PolicyDraft() {
  const { id = '' } = useParams({ strict: false });
  return id === 'new' ? <NewDraft /> : <Stored key={id} id={id} />;
}

function Stored({ id }: { id: string }) {
  const { data, error, refetch } = useGet<Draft>(`/v1/admin/policy-drafts/${id}`);
  // What was shown before under another id is not this one.
  if (data === undefined || data.id !== id)
    return <NotYet error={error} refetch={refetch} title={t.common.things.policyDraft} />;
  return <SavedDraft draft={data} />;
}
