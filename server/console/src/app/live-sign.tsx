import { Tooltip, VisuallyHidden } from '@mantine/core';
import { IconCircleCheck, IconCloudOff } from '@tabler/icons-react';
import { t } from '../strings/index.ts';
import { useLive } from './live.ts';

/** Says when what is shown may be old: nothing is worse than a list that stands still and does not say so. */
export function LiveSign() {
  const state = useLive();
  const isLost = state === 'lost';
  const text = isLost ? t.shell.notLive : t.shell.live;
  const Icon = isLost ? IconCloudOff : IconCircleCheck;
  return (
    <Tooltip label={text} maw={280}>
      <span role="status" data-live={state}>
        <Icon size={18} stroke={1.6} color={isLost ? 'var(--mantine-color-orange-7)' : 'var(--mantine-color-dimmed)'} />
        <VisuallyHidden>{isLost ? text : ''}</VisuallyHidden>
      </span>
    </Tooltip>
  );
}
