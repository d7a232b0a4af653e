import type { ReactNode } from 'react';
import { type Page, useGet } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { DataTable } from '../data-table.tsx';
import { NotYet } from '../not-yet.tsx';
import { draftColumns } from './draft-columns.tsx';
import type { DraftSummary } from './types.ts';

const path = '/v1/admin/policy-drafts';
/** As many as there may be open are more than anybody reads. */
const limit = 100;

/** Drafts that nobody has decided on: those that wait for approval first. */
export function OpenDrafts({ policy, empty }: { policy?: string; empty: ReactNode }) {
  const submitted = useGet<Page<DraftSummary>>(path, { state: 'submitted', limit });
  const written = useGet<Page<DraftSummary>>(path, { state: 'draft', limit });
  const error = submitted.error ?? written.error;
  const refetch = () => Promise.all([submitted.refetch(), written.refetch()]);
  if (submitted.data === undefined || written.data === undefined) return <NotYet error={error} refetch={refetch} />;
  const items = [...submitted.data.items, ...written.data.items];
  return (
    <DataTable
      label={t.policies.draftList}
      columns={draftColumns}
      items={policy === undefined ? items : items.filter((each) => each.policy === policy)}
      idOf={({ id }) => id}
      empty={empty}
    />
  );
}
