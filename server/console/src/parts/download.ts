import { csvOf } from '@postern/shared/csv';
import { addressOf, call, type Query } from '../api/call.ts';
import type { Page } from '../api/queries.ts';
import type { Column } from './column.ts';

/** More rows than this are for an export, not for a browser. */
export const csvRows = 20_000;

/** Hands somebody a file that was made here. */
export function download(name: string, type: string, text: string): void {
  downloadFile(name, new Blob([text], { type }));
}

/** The same for one that is there already. */
export function downloadFile(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** Hands somebody the rows of a table as CSV. */
export function downloadCsv<Item>(name: string, columns: readonly Column<Item>[], items: readonly Item[]): void {
  const rows = items.map((item) => columns.map(({ text }) => text(item)));
  download(
    `${name}.csv`,
    'text/csv;charset=utf-8',
    csvOf(
      columns.map(({ title }) => title),
      rows,
    ),
  );
}

/** Everything that a list holds, as far as `csvRows`. `progress` is told how many there are so far. */
export async function collect<Item>(
  path: string,
  query: Query,
  cursor: string,
  progress: (count: number) => void,
): Promise<{ items: Item[]; isCut: boolean }> {
  const items: Item[] = [];
  for (let next: string | undefined; items.length < csvRows;) {
    const page: Page<Item> = await call('GET', addressOf(path, { ...query, limit: 500, [cursor]: next }));
    items.push(...page.items);
    progress(items.length);
    if (page.next === null) return { items, isCut: false };
    next = page.next;
  }
  return { items, isCut: true };
}
