import { Stack, Text, Title } from '@mantine/core';
import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { Card } from '../../parts/card.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { BothHistories } from './both-histories.tsx';
import { ReadingPairs } from './reading-pairs.tsx';
import { twoHistories } from './two-histories.ts';

const words = t.device.quarantine;

function causeText(cause: string): string {
  const known: Readonly<Record<string, string>> = words.causes;
  return Object.hasOwn(known, cause) ? (known[cause] ?? '') : words.otherCause(cause);
}

/** A key that was seen twice: why, both histories and where they part, and what tells the two machines apart. */
export function Quarantine({ device }: { device: DeviceDetail }) {
  const { quarantine, conflicts, refusedSays } = device;
  const histories = twoHistories(device.attestations, conflicts);
  return (
    <Card title={quarantine === null ? words.conflictsTitle : words.title}>
      <Stack gap="sm">
        {quarantine !== null && (
          <Text size="sm">
            {causeText(quarantine.cause)} {words.since} <When at={quarantine.since} both />.
          </Text>
        )}
        {conflicts.length > 0 && (
          <>
            <Title order={3} size="h5">
              {words.histories}
            </Title>
            <Text size="sm">
              {histories.agreedUpTo === undefined ? words.partsUnknown : words.partsAfter(histories.agreedUpTo)}
            </Text>
            <BothHistories rows={histories.rows} />
            <Text size="xs" c="dimmed">
              {words.addressUnknown}
            </Text>
            <Title order={3} size="h5">
              {words.saysTitle}
            </Title>
            <Text size="sm">{refusedSays.length === 0 ? words.saysNothing : words.saysLead}</Text>
            {refusedSays.length > 0 && (
              <ReadingPairs
                label={words.saysTitle}
                left={words.stored}
                right={words.refusedValue}
                pairs={refusedSays.map(({ check, title, stored, refused }) => ({
                  check,
                  title,
                  left: stored,
                  right: refused,
                }))}
              />
            )}
          </>
        )}
        {quarantine !== null && <Text size="sm">{words.afterRelease}</Text>}
      </Stack>
    </Card>
  );
}
