import { Button, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconAntennaBars5, IconCloudOff } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import { reconnect, useLive } from './live.ts';

/** Says when what is shown may be old: nothing is worse than a list that stands still and does not say so. */
export function LiveSign() {
  const state = useLive();
  const isLost = state === 'lost';
  return (
    <>
      <VisuallyHidden role="status" data-live={state}>
        {isLost ? t.shell.notLive : ''}
      </VisuallyHidden>
      {isLost ? (
        <Tooltip label={t.shell.notLive} maw={280}>
          <Button
            size="compact-sm"
            variant="light"
            color="orange"
            leftSection={<IconCloudOff size={16} />}
            onClick={reconnect}
          >
            {t.shell.notLiveShort}
          </Button>
        </Tooltip>
      ) : (
        <Tooltip label={state === 'live' ? t.shell.live : t.shell.connecting} maw={280}>
          <IconAntennaBars5 size={18} stroke={1.6} color="var(--mantine-color-dimmed)" aria-hidden />
        </Tooltip>
      )}
    </>
  );
}
