import { Button } from '@mantine/core';
import { t } from '../strings/index.ts';

/** Shows the whole list again. `prominent` where nothing else is to be seen. */
export function ClearFilters({ clear, prominent = false }: { clear: () => void; prominent?: boolean }) {
  const look = prominent ? ({ variant: 'default' } as const) : ({ variant: 'subtle', size: 'xs' } as const);
  return (
    <Button {...look} onClick={clear}>
      {t.common.clearFilters}
    </Button>
  );
}
