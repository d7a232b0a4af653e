import { IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import { useGet } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { AddWebhook } from './add-webhook.tsx';
import { Deliveries } from './deliveries.tsx';
import { type NewSecret, WebhookSecret } from './webhook-secret.tsx';
import { type Webhook, webhooksPath } from './types.ts';
import { webhookColumns } from './webhook-columns.tsx';

const words = t.webhooks;

/** Where programs outside are told what happens, and what came of it. */
export default function Webhooks() {
  const isAdmin = useIs('admin');
  const { data, error, refetch } = useGet<{ items: Webhook[] }>(webhooksPath);
  const [secret, setSecret] = useState<NewSecret>();
  const columns = webhookColumns(isAdmin, setSecret);
  const items = data?.items;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          {items !== undefined && items.length > 0 && <ItemsCsv name="webhooks" columns={columns} items={items} />}
          {isAdmin && <AddWebhook made={setSecret} />}
        </>
      }
    >
      <Card title={words.webhooks}>
        {(items === undefined || error !== null) && <NotYet error={error} refetch={refetch} />}
        {items !== undefined && (
          <DataTable
            label={words.list}
            columns={columns}
            items={items}
            idOf={({ id }) => id}
            empty={
              <EmptyState
                icon={IconWebhook}
                title={words.none}
                text={isAdmin ? words.noneText : `${words.noneText} ${words.noneReadOnly}`}
              />
            }
          />
        )}
      </Card>
      <Deliveries webhooks={items ?? []} isAdmin={isAdmin} />
      <WebhookSecret secret={secret} onClose={() => setSecret(undefined)} />
    </Page>
  );
}
