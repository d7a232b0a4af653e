import { IconRouter } from '@tabler/icons-react';
import type { StreamHealth } from '@postern/shared/protocol/signal';
import { useGet, usePages } from '../../api/queries.ts';
import { useIs } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ItemsCsv } from '../../parts/items-csv.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { AddGateway } from './add-gateway.tsx';
import { gatewayColumns } from './gateway-columns.tsx';
import { Streams } from './streams.tsx';
import { type Gateway, gatewaysPath, streamsPath } from './types.ts';

const words = t.gateways;

/** What stands in front of applications, and how it is told of who is cut off. */
export default function Gateways() {
  const isAdmin = useIs('admin');
  const pages = usePages<Gateway>(gatewaysPath, { limit: 200 });
  const streams = useGet<{ items: StreamHealth[] }>(streamsPath);
  const gateways = pages.data?.pages.flatMap(({ items }) => items);
  const columns = gatewayColumns(streams.data?.items ?? [], gateways ?? [], isAdmin);
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          <ButtonLink to="/templates" variant="default" size="xs">
            {words.tiers}
          </ButtonLink>
          {gateways !== undefined && gateways.length > 0 && (
            <ItemsCsv name="gateways" columns={columns} items={gateways} />
          )}
          {isAdmin && <AddGateway />}
        </>
      }
    >
      <Card title={words.gateways}>
        {(gateways === undefined || pages.error !== null) && <NotYet error={pages.error} refetch={pages.refetch} />}
        {gateways !== undefined && (
          <DataTable
            label={words.list}
            columns={columns}
            items={gateways}
            idOf={({ id }) => id}
            hasMore={pages.hasNextPage}
            isLoadingMore={pages.isFetchingNextPage}
            loadMore={() => void pages.fetchNextPage()}
            empty={<EmptyState icon={IconRouter} title={words.none} text={words.noneText} />}
          />
        )}
      </Card>
      <Streams streams={streams.data?.items} error={streams.error} refetch={streams.refetch} isAdmin={isAdmin} />
    </Page>
  );
}
