import { IconTemplate } from '@tabler/icons-react';
import { useGet } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import type { TemplateVersion } from '../../parts/template/types.ts';
import { t } from '../../strings/index.ts';
import { templateColumns } from './template-columns.tsx';

const words = t.templates;

/** Templates that people may ask under now. */
export function InForce() {
  const { data, error, refetch } = useGet<{ items: TemplateVersion[] }>('/v1/admin/templates');
  if (data === undefined) return <NotYet error={error} refetch={refetch} />;
  return (
    <Card title={words.inForce} actions={<ItemsCsv name="templates" columns={templateColumns} items={data.items} />}>
      <DataTable
        label={words.inForceList}
        columns={templateColumns}
        items={data.items}
        idOf={({ name }) => name}
        empty={<EmptyState icon={IconTemplate} title={words.none} text={words.noneText} />}
      />
    </Card>
  );
}
