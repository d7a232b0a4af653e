import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import type { Column } from './column.ts';
import { downloadCsv } from './download.ts';

/** The CSV of a table whose rows are all here. */
export function ItemsCsv<Item>({
  name,
  columns,
  items,
}: {
  name: string;
  columns: readonly Column<Item>[];
  items: readonly Item[];
}) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconDownload size={14} />}
      onClick={() => downloadCsv(name, columns, items)}
    >
      {t.common.downloadCsv}
    </Button>
  );
}
