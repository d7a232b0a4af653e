import { Indicator, Tooltip } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import type { z } from 'zod';
import type { unreadNoticesSchema } from '@postern/shared/protocol/notice';
import { useGet } from '../api/queries.ts';
import { IconLink } from '../parts/app-link.tsx';
import { t } from '../strings/index.ts';

type Unread = z.output<typeof unreadNoticesSchema>;

/** How much one was told and has not read, and the way there. */
export function NoticesBell() {
  const { data } = useGet<Unread>('/v1/me/notices/unread');
  const count = data?.count ?? 0;
  const said = count >= 100 ? '99+' : String(count);
  const label = t.shell.notices(said);
  return (
    <Tooltip label={label}>
      <IconLink
        to="/me/notices"
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        data-unread={said}
        style={{ overflow: 'visible' }}
      >
        <Indicator label={said} size={16} disabled={count === 0} color="red.9" offset={2} aria-hidden>
          <IconBell size={22} stroke={1.6} />
        </Indicator>
      </IconLink>
    </Tooltip>
  );
}
