import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { Query } from '../api/call.ts';
import { t } from '../strings/index.ts';
import type { Column } from './column.ts';
import { collect, csvRows, downloadCsv } from './download.ts';
import { tell, tellRefusal } from './tell.ts';

/** The whole list as CSV, also the part that was not scrolled to. */
export function CsvButton<Item>({
  name,
  columns,
  path,
  query,
  cursor = 'after',
}: {
  name: string;
  columns: readonly Column<Item>[];
  path: string;
  query: Query;
  cursor?: string;
}) {
  const [count, setCount] = useState<number>();
  const go = async () => {
    setCount(0);
    try {
      const { items, isCut } = await collect<Item>(path, query, cursor, setCount);
      downloadCsv(name, columns, items);
      if (isCut) tell(t.common.csvCut(csvRows));
    } catch (refusal) {
      tellRefusal(refusal);
    } finally {
      setCount(undefined);
    }
  };
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconDownload size={14} />}
      disabled={count !== undefined}
      onClick={() => void go()}
    >
      {count === undefined ? t.common.downloadCsv : t.common.collecting(count)}
    </Button>
  );
}
