import { Accordion, Stack, Text, Title } from '@mantine/core';
import type { MyDeviceDetail } from '@postern/shared/protocol/my-device';
import type { RuleStanding } from '@postern/shared/protocol/verdict';
import { CopyText } from '../../parts/copy-text.tsx';
import { Facts } from '../../parts/facts.tsx';
import { sayLength } from '../../parts/say-time.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { Asked } from './asked.tsx';
import { FailingRule } from './failing-rule.tsx';
import { Granted } from './granted.tsx';
import { OtherRules } from './other-rules.tsx';
import { Sent } from './sent.tsx';

const words = t.mine;

const inTheWay: ReadonlySet<RuleStanding> = new Set(['blocked', 'grace', 'warned']);

/** Exceptions that are over are under "My requests". */
const openStates: ReadonlySet<string> = new Set(['pending', 'scheduled', 'approved', 'active']);

/** All about one of one's own devices: what is in the way, what was granted, and what it sent. */
export function DeviceDetail({ device }: { device: MyDeviceDetail }) {
  const { platform, verdict, report, enrolledAt, ownership, sent, collect, reportsEverySeconds } = device;
  const rules = verdict?.rules ?? [];
  const failing = rules.filter(({ standing }) => inTheWay.has(standing));
  const others = rules.filter(({ standing }) => !inTheWay.has(standing));
  const exceptions = device.exceptions.filter(({ state }) => openStates.has(state));
  return (
    <Stack gap="md">
      {failing.length > 0 && (
        <Stack gap="sm">
          <Title order={3} size="h5">
            {words.inTheWay}
          </Title>
          {failing.map((rule) => (
            <FailingRule
              key={`${rule.policy}/${rule.rule}`}
              rule={rule}
              deviceId={device.id}
              asked={exceptions.find(({ rules: excepted }) => excepted.includes(`${rule.policy}/${rule.rule}`))}
            />
          ))}
          <Text size="sm" c="dimmed">
            {words.recheck(sayLength(reportsEverySeconds))}
          </Text>
          <CopyText text={words.recheckCommand} label={words.recheckLabel} />
        </Stack>
      )}
      {exceptions.length > 0 && <Granted exceptions={exceptions} />}
      <Facts
        facts={[
          [words.facts.system, words.platforms[platform]],
          [words.facts.reported, <When key="reported" at={report?.receivedAt} both />],
          [words.facts.validUntil, verdict === null ? null : <When key="valid" at={verdict.validUntil} both />],
          [words.facts.enrolled, <When key="enrolled" at={enrolledAt} both />],
          [words.facts.ownership, words.ownership[ownership]],
        ]}
      />
      <Accordion multiple variant="separated" order={3}>
        {verdict !== null && (
          <Accordion.Item value="rules">
            <Accordion.Control>{words.otherRules(others.length)}</Accordion.Control>
            <Accordion.Panel>
              <OtherRules rules={others} />
            </Accordion.Panel>
          </Accordion.Item>
        )}
        <Accordion.Item value="sent">
          <Accordion.Control>{words.sent}</Accordion.Control>
          <Accordion.Panel>
            <Sent device={device} sent={sent} />
          </Accordion.Panel>
        </Accordion.Item>
        <Accordion.Item value="collect">
          <Accordion.Control>{words.collected}</Accordion.Control>
          <Accordion.Panel>
            <Asked collect={collect} />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}
