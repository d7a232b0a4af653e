import { Checkbox, Table } from '@mantine/core';
import type { Column } from './column.ts';

/** Rows that somebody has picked out. */
export interface Selection {
  ids: ReadonlySet<string>;
  change: (ids: ReadonlySet<string>) => void;
  /** What one row's box is called. */
  label: (id: string) => string;
}

/** What stands in one row of a list, behind the box that picks it out. */
export function Cells<Item>({
  item,
  id,
  columns,
  selection,
}: {
  item: Item;
  id: string;
  columns: readonly Column<Item>[];
  selection: Selection | undefined;
}) {
  return (
    <>
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
    </>
  );
}
