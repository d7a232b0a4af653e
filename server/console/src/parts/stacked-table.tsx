import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import cards from './rows-as-cards.module.css';
import classes from './stacked-table.module.css';

/** A short table within a card, whose rows become cards on a small screen. */
export function StackedTable({
  label,
  titles,
  children,
}: {
  /** What it lists, to screen readers. */
  label: string;
  titles: readonly string[];
  children: readonly { key: string; cells: readonly ReactNode[] }[];
}) {
  return (
    <Table className={`${cards['table']} ${classes['table']}`} aria-label={label} verticalSpacing={6} fz="sm">
      <Table.Thead>
        <Table.Tr>
          {titles.map((title) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {children.map(({ key, cells }) => (
          <Table.Tr key={key}>
            {titles.map((title, index) => (
              <Table.Td key={title} data-label={title}>
                {cells[index]}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
