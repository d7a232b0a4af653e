import { Checkbox, Table } from '@mantine/core';
import { memo } from 'react';
import type { Column } from './column.ts';

/** Rows that somebody has picked out. */
export interface Selection {
  ids: ReadonlySet<string>;
  change: (ids: ReadonlySet<string>) => void;
  /** What one row's box is called. */
  label: (id: string) => string;
}

interface RowProps<Item> {
  item: Item;
  id: string;
  index: number;
  columns: readonly Column<Item>[];
  selection: Selection | undefined;
  isCurrent: boolean;
  /** Tells the list how high the row has become. */
  measure: (row: HTMLTableRowElement | null) => void;
}

function AnyRow<Item>({ item, id, index, columns, selection, isCurrent, measure }: RowProps<Item>) {
  return (
    <Table.Tr
      ref={measure}
      data-index={index}
      data-id={id}
      aria-rowindex={index + 2}
      {...(isCurrent ? { 'data-current': true, 'aria-current': true } : {})}
    >
      {selection !== undefined && (
        <Table.Td>
          <Checkbox
            aria-label={selection.label(id)}
            checked={selection.ids.has(id)}
            onChange={({ currentTarget: { checked } }) => {
              const ids = new Set(selection.ids);
              if (checked) ids.add(id);
              else ids.delete(id);
              selection.change(ids);
            }}
          />
        </Table.Td>
      )}
      {columns.map(({ key, title, show, short, numeric }) => (
        <Table.Td
          key={key}
          data-label={title}
          {...(short === true ? { 'data-short': true } : {})}
          {...(numeric === true ? { ta: 'end' as const } : {})}
        >
          {show(item)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

/** A row of a list, behind the box that picks it out. It is not made anew for others that come into sight. */
export const Row = memo(AnyRow) as typeof AnyRow;
