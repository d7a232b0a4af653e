import { Text, Tooltip } from '@mantine/core';
import { usePreferences } from '../app/preferences.ts';
import { t } from '../strings/index.ts';
import { useNow } from './now.ts';
import { sayAbsolute, sayLength, sayRelative } from './say-time.ts';

/** A time: how far away, with the exact one at hand; `both` shows it beside. */
export function When({ at, both = false }: { at: string | null | undefined; both?: boolean }) {
  const now = useNow();
  const [{ zone }] = usePreferences();
  if (at === null || at === undefined) return <>{t.common.never}</>;
  const time = Date.parse(at);
  const absolute = sayAbsolute(time, zone);
  // The clock goes in steps: what has just happened must not be said to be about to.
  const isJustNow = time > now && time - now < 15_000;
  return (
    <Tooltip label={absolute} disabled={both}>
      <time dateTime={at}>
        {sayRelative(time, isJustNow ? time : now)}
        {both && (
          <Text span c="dimmed" size="sm">
            {` (${absolute})`}
          </Text>
        )}
      </time>
    </Tooltip>
  );
}

/** What is left until then, going down by the second in its last hour. */
export function Countdown({ until }: { until: string }) {
  const end = Date.parse(until);
  const minutes = useNow(60);
  const seconds = useNow(end - minutes < 3_600_000 ? 1 : 60);
  const [{ zone }] = usePreferences();
  const left = Math.max(0, Math.ceil((end - seconds) / 1000));
  return (
    <Tooltip label={sayAbsolute(end, zone)}>
      <time dateTime={until}>{left === 0 ? t.common.over : t.common.left(sayLength(left))}</time>
    </Tooltip>
  );
}
