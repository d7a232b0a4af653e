import { Alert, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { usePreferences } from '../../app/preferences.ts';
import { sayAbsolute } from '../../parts/say-time.ts';
import { locale, t } from '../../strings/index.ts';
import { sayResult } from './say-result.ts';

const words = t.policyReplay;

const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** The sentence to decide by. */
export function Headline({ summary }: { summary: ReplaySummary }) {
  const [{ zone }] = usePreferences();
  const { headline, details, isSafe } = sayResult(summary, (day) => dayFormat.format(Date.parse(day)));
  return (
    <Alert
      color={isSafe ? 'green' : 'yellow'}
      icon={isSafe ? <IconCheck /> : <IconAlertTriangle />}
      title={headline}
      styles={{ title: { fontSize: 'var(--mantine-font-size-lg)' } }}
    >
      <Stack gap={4}>
        {details.length > 0 && (
          <List size="sm">
            {details.map((detail) => (
              <List.Item key={detail}>{detail}</List.Item>
            ))}
          </List>
        )}
        <Text size="sm">{isSafe ? words.safe : words.careful}</Text>
        <Text size="xs">{words.asOf(sayAbsolute(Date.parse(summary.at), zone))}</Text>
      </Stack>
    </Alert>
  );
}
