import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFileExport } from '@tabler/icons-react';
import type { Query } from '../../api/call.ts';
import { t } from '../../strings/index.ts';
import { ExportDialog } from './export-dialog.tsx';

/** Opens the export of what the filters leave. */
export function ExportButton({ query }: { query: Query }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size="xs" leftSection={<IconFileExport size={14} />} onClick={open}>
        {t.audit.export.button}
      </Button>
      {isOpen && <ExportDialog query={query} onClose={close} />}
    </>
  );
}
