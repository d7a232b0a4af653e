import { Button, Code, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Reading } from '@postern/shared/protocol/reading';
import { t } from '../../strings/index.ts';

const words = t.device.readings;
const shortest = 160;

/** One reading as it was sent: a value as JSON, or why there is none. */
export function ReadingValue({ reading }: { reading: Reading | null }) {
  const [isWhole, setWhole] = useState(false);
  if (reading === null) return <Text size="sm">{t.device.history.nothing}</Text>;
  if (reading.status !== 'ok') {
    return (
      <Text size="sm">
        {words.status[reading.status]}: {words.reasons[reading.reason]}
        {reading.detail === '' ? '' : ` (${reading.detail})`}
      </Text>
    );
  }
  const text = JSON.stringify(reading.value);
  const isLong = text.length > shortest;
  return (
    <Stack gap={4} align="flex-start">
      <Code style={{ overflowWrap: 'anywhere', whiteSpace: isWhole ? 'pre-wrap' : 'normal' }}>
        {isWhole ? JSON.stringify(reading.value, null, 2) : isLong ? `${text.slice(0, shortest)} …` : text}
      </Code>
      {isLong && (
        <Button variant="subtle" size="compact-xs" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? words.hide : words.show}
        </Button>
      )}
    </Stack>
  );
}
