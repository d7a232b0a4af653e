import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKeyboard } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import { usePages } from '../../api/queries.ts';
import { deciders, readers } from '../../app/roles.ts';
import { useIs } from '../../app/session.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { DenyDialog } from '../../parts/exception/deny-dialog.tsx';
import { Page } from '../../parts/page.tsx';
import { useSearchState } from '../../parts/search-state.ts';
import { t } from '../../strings/index.ts';
import { ApproveDialog } from './approve-dialog.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { useColumns } from './columns.tsx';
import { Filters } from './filters.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { RequestList } from './request-list.tsx';
import { ReviewsDue } from './reviews-due.tsx';
import { useInboxKeys } from './use-inbox-keys.ts';

const words = t.inbox;
const names = ['show', 'kind', 'risk', 'rule', 'q'] as const;
const path = '/v1/me/inbox';

/** What waits for a decision, and for whom. */
export default function Inbox() {
  const isDecider = useIs(...deciders);
  const isReader = useIs(...readers);
  const filters = useSearchState(names);
  const { show, kind, risk, rule, q } = filters.value;
  // Who decides nothing has nothing that waits for them, and would look at an empty list.
  const isMine = (show ?? (isReader && !isDecider ? 'all' : 'mine')) === 'mine';
  const query = { mine: isMine, kind, risk, rule, q };
  const pages = usePages<WaitingRequest>(path, query);
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const [asked, ask] = useState<{ verb: 'approve' | 'deny'; request: WaitingRequest }>();
  const [isHelpOpen, help] = useDisclosure(false);
  const approve = useCallback((request: WaitingRequest) => ask({ verb: 'approve', request }), []);
  const deny = useCallback((request: WaitingRequest) => ask({ verb: 'deny', request }), []);
  const close = () => ask(undefined);
  // Managers and owners of a resource have no role here, and decide what is asked of them.
  const mayDecide = items.some(({ mayDecide: { approve: yes, deny: no } }) => yes.may || no.may);
  const toggle = (id: string) => {
    if (!mayDecide) return;
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    select(next);
  };
  const currentId = useInboxKeys({ items, approve, deny, toggle, clear: () => select(new Set()), help: help.open });
  const all = useColumns(approve, deny);
  const columns = mayDecide ? all : all.filter(({ key }) => key !== 'actions');
  // Decided meanwhile, here or elsewhere: nothing is done to what is not shown.
  const shown = items.filter(({ id }) => selected.has(id));
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <>
          <Button size="xs" variant="default" leftSection={<IconKeyboard size={14} />} onClick={help.open}>
            {words.keys.button}
          </Button>
          <CsvButton name="inbox" columns={columns} path={path} query={query} />
        </>
      }
    >
      {isDecider && <ReviewsDue />}
      <Stack gap="sm">
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            aria-label={words.show}
            data={[
              { value: 'mine', label: words.mine },
              { value: 'all', label: words.all },
            ]}
            value={isMine ? 'mine' : 'all'}
            onChange={(next) => filters.change({ show: next })}
          />
          <Filters filters={filters} items={items} />
        </Group>
        <RequestList
          pages={pages}
          items={items}
          columns={columns}
          currentId={currentId}
          selection={mayDecide ? { ids: selected, change: select } : undefined}
          isMine={isMine}
          filters={filters}
        />
      </Stack>
      <BulkBar selected={shown} all={items} select={select} />
      {asked?.verb === 'approve' && <ApproveDialog request={asked.request} onClose={close} />}
      {asked?.verb === 'deny' && <DenyDialog exception={asked.request} opened onClose={close} />}
      <KeysDialog opened={isHelpOpen} onClose={help.close} />
    </Page>
  );
}
