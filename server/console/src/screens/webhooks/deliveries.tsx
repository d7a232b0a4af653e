import { Group } from '@mantine/core';
import { IconMailForward } from '@tabler/icons-react';
import { Card } from '../../parts/card.tsx';
import { ChoiceField } from '../../parts/choice-field.tsx';
import { ClearFilters } from '../../parts/clear-filters.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { deliveryColumns } from './delivery-columns.tsx';
import { deliveriesPath, type Delivery, type Webhook, webhooksPath } from './types.ts';

const words = t.webhooks;
const states = ['waiting', 'done', 'failed'] as const;

/** What was sent, waits or was given up, to all of them or to one. */
export function Deliveries({ webhooks, isAdmin }: { webhooks: readonly Webhook[]; isAdmin: boolean }) {
  const { value, change, clear, isFiltered } = useSearchState(['state', 'webhook']);
  const path = value.webhook === undefined ? deliveriesPath : `${webhooksPath}/${value.webhook}/deliveries`;
  const query = { state: value.state, limit: 50 };
  const columns = deliveryColumns(webhooks, isAdmin);
  return (
    <Card
      title={words.deliveries}
      actions={
        <Group gap="xs">
          <ChoiceField
            label={words.to}
            any={words.anyTarget}
            choices={webhooks.map(({ id, label }) => ({ value: id, label }))}
            value={value.webhook}
            change={(webhook) => change({ webhook })}
          />
          <ChoiceField
            label={words.outcome}
            any={words.anyState}
            choices={states.map((state) => ({ value: state, label: words.outcomes[state] }))}
            value={value.state}
            change={(state) => change({ state })}
          />
          <CsvButton<Delivery> name="deliveries" columns={columns} path={path} query={{ state: value.state }} />
        </Group>
      }
    >
      <PagedTable<Delivery>
        label={words.deliveryList}
        columns={columns}
        path={path}
        query={query}
        idOf={({ id }) => id}
        empty={
          isFiltered ? (
            <EmptyState icon={IconMailForward} title={words.noneMatch} text={words.noDeliveriesText}>
              <ClearFilters clear={clear} prominent />
            </EmptyState>
          ) : (
            <EmptyState icon={IconMailForward} title={words.noDeliveries} text={words.noDeliveriesText} />
          )
        }
      />
    </Card>
  );
}
