import { Accordion, List, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Impact } from '@postern/shared/protocol/impact';
import { peopleText } from '../../parts/mine/scope.ts';
import { sayLength } from '../../parts/say-time.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { resourceText } from './resource-text.ts';

const words = t.ask.means;

/** Waived, opened, how long, who decides, and how risky it is thought to be. */
export function Means({ impact }: { impact: Impact }) {
  const { waived, enforced, resources, moreResources, time, plan, told } = impact;
  return (
    <Stack gap="sm">
      {waived.length > 0 && (
        <Part title={words.waived}>
          <Points
            items={waived.map(({ rule, title, expected, observed }) => ({
              key: rule,
              text: words.waivedText(title, expected, observed ?? words.nothing),
            }))}
          />
        </Part>
      )}
      {resources.length > 0 && (
        <Part title={words.resources}>
          <Points
            items={[
              ...resources.map((each) => ({ key: each.name, text: `${each.name}: ${resourceText(each)}` })),
              ...(moreResources > 0 ? [{ key: '', text: words.more(moreResources) }] : []),
            ]}
          />
        </Part>
      )}
      <Part title={words.time}>
        <Text size="sm">
          {(time.beginsAt === null ? words.firstUse : words.approvedNow)(sayLength(time.durationSeconds))}{' '}
          <When at={time.expiresAt} both />
        </Text>
      </Part>
      {plan !== null && (
        <Part title={words.takes}>
          <Points items={takes(plan).map((text) => ({ key: text, text }))} />
        </Part>
      )}
      <Accordion multiple variant="contained" order={3}>
        {plan !== null && (
          <Fold value="risk" label={words.risk(plan.risk.score)}>
            <Points
              items={plan.risk.inputs.map(({ name, points, sentence, value }) => ({
                key: name,
                text: `${points > 0 ? '+' : ''}${points}: ${sentence} (${value})`,
              }))}
            />
          </Fold>
        )}
        <Fold value="told" label={words.told(told.count)}>
          <Points
            items={told.people.map(({ name, why }, index) => ({
              key: String(index),
              text: words.toldPerson(name, words.why[why]),
            }))}
          />
        </Fold>
        <Fold value="enforced" label={enforced.length === 0 ? words.noneEnforced : words.enforced(enforced.length)}>
          <Points items={enforced.map(({ rule, title }) => ({ key: rule, text: `${title} (${rule})` }))} />
        </Fold>
      </Accordion>
    </Stack>
  );
}

function takes({ stages, stepUp, autoApprovedBy, emergency }: NonNullable<Impact['plan']>): string[] {
  const approvals = stages.map((stage) =>
    words.approvals(stage.title, peopleText(stage, t.mine.requests.manager), stage.approvals),
  );
  return [
    ...(emergency ? [words.nobody] : autoApprovedBy === null ? approvals : [words.automatic(autoApprovedBy)]),
    ...(stepUp.request === 'none' ? [] : [words.show(t.mine.proof.levels[stepUp.request])]),
  ];
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={3} size="h6">
        {title}
      </Title>
      {children}
    </div>
  );
}

function Fold({ value, label, children }: { value: string; label: string; children: ReactNode }) {
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>{label}</Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  );
}

function Points({ items }: { items: readonly { key: string; text: string }[] }) {
  return (
    <List size="sm" style={{ overflowWrap: 'anywhere' }}>
      {items.map(({ key, text }) => (
        <List.Item key={key}>{text}</List.Item>
      ))}
    </List>
  );
}
