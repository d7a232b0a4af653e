import { Group, Table, Text, VisuallyHidden } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { t } from '../strings/index.ts';
import type { Column } from './column.ts';
import { Row, type Selection } from './data-table-row.tsx';
import cards from './rows-as-cards.module.css';
import classes from './data-table.module.css';
import { Waiting } from './waiting.tsx';

/** What a list is made of. */
export interface DataTableProps<Item> {
  /** What it lists, to screen readers. */
  label: string;
  columns: readonly Column<Item>[];
  items: readonly Item[];
  idOf: (item: Item) => string;
  /** More than these are to be had. */
  hasMore?: boolean;
  isLoadingMore?: boolean;
  loadMore?: () => void;
  selection?: Selection;
  /** Marked, for who goes through it by keyboard. */
  currentId?: string | undefined;
  empty: ReactNode;
}

const usualHeight = 45;

/**
 * A list that may be long: only the rows in sight are in the page, and the next ones are fetched before somebody gets there.
 * It stays a table for who listens to it; on a small screen each row becomes a card.
 */
export function DataTable<Item>(props: DataTableProps<Item>) {
  const {
    label,
    columns,
    items,
    idOf,
    hasMore = false,
    isLoadingMore = false,
    loadMore,
    selection,
    currentId,
    empty,
  } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [margin, setMargin] = useState(0);
  const isEmpty = items.length === 0;
  // Where the rows begin: the page above them may have changed when there were none.
  useLayoutEffect(() => {
    const top = body.current?.getBoundingClientRect().top;
    if (top !== undefined) setMargin(top + window.scrollY);
  }, [isEmpty]);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => usualHeight,
    overscan: 12,
    scrollMargin: margin,
    getItemKey: (index) => idOf(items[index] as Item),
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= items.length - 20) loadMore?.();
  }, [last, items.length, hasMore, isLoadingMore, loadMore]);
  // A page may be empty and yet not the last: what is asked for is rare.
  if (isEmpty) return hasMore ? <Waiting /> : <>{empty}</>;
  const before = (visible[0]?.start ?? margin) - margin;
  const after = rows.getTotalSize() - ((visible.at(-1)?.end ?? margin) - margin);
  const width = columns.length + (selection === undefined ? 0 : 1);
  return (
    <>
      <Table
        className={`${cards['table']} ${classes['table']}`}
        aria-label={label}
        aria-rowcount={hasMore ? -1 : items.length + 1}
        highlightOnHover
      >
        <Table.Thead>
          <Table.Tr>
            {selection !== undefined && (
              <Table.Th w={40}>
                <VisuallyHidden>{t.common.select}</VisuallyHidden>
              </Table.Th>
            )}
            {columns.map(({ key, title, width: w, numeric }) => (
              <Table.Th
                key={key}
                {...(w === undefined ? {} : { w })}
                {...(numeric === true ? { ta: 'end' as const } : {})}
              >
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {before > 0 && <Spacer height={before} width={width} />}
          {visible.map(({ index }) => {
            const item = items[index] as Item;
            const id = idOf(item);
            return (
              <Row
                key={id}
                item={item}
                id={id}
                index={index}
                columns={columns}
                selection={selection}
                isCurrent={id === currentId}
                measure={rows.measureElement}
              />
            );
          })}
          {after > 0 && <Spacer height={after} width={width} />}
        </Table.Tbody>
      </Table>
      <Group justify="center" mt="xs">
        <Text size="xs" c="dimmed" role="status">
          {hasMore ? t.common.listSoFar(items.length) : t.common.listEnd(items.length)}
        </Text>
      </Group>
    </>
  );
}

function Spacer({ height, width }: { height: number; width: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={width} />
    </tr>
  );
}
