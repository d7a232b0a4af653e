import { Alert, Badge, Button, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Impact } from '@postern/shared/protocol/impact';
import { t } from '../../strings/index.ts';
import { sayLength } from '../say-time.ts';
import { StackedTable } from '../stacked-table.tsx';
import { When } from '../when.tsx';

const words = t.deciding.opens;

/** Which resources approving opens, for how long, who is told, and what it would be refused with as things stand. */
export function Opens({ impact }: { impact: Impact }) {
  const { resources, moreResources, time, told } = impact;
  return (
    <Stack gap="sm">
      <Refusals impact={impact} />
      {resources.length === 0 ? (
        <Text size="sm">{words.none}</Text>
      ) : (
        <StackedTable label={words.label} titles={[words.resource, words.before, words.after]}>
          {resources.map((resource) => ({
            key: resource.name,
            cells: [
              <Group key="name" gap={6}>
                <span>{resource.name}</span>
                {resource.tier !== null && <Badge color="gray">{words.tiers[resource.tier]}</Badge>}
              </Group>,
              access(resource.openBefore, resource.tokenLifeSecondsBefore),
              <Text key="after" size="sm" fw={resource.openBefore === resource.openAfter ? 400 : 600}>
                {access(resource.openAfter, resource.tokenLifeSecondsAfter)}
              </Text>,
            ],
          }))}
        </StackedTable>
      )}
      {moreResources > 0 && <Text size="sm">{words.more(moreResources)}</Text>}
      {resources.length > 0 && resources.every(({ openBefore, openAfter }) => openBefore === openAfter) && (
        <Text size="sm">{words.same}</Text>
      )}
      <Text size="sm">
        {time.beginsAt === null
          ? words.firstUse(sayLength(time.durationSeconds))
          : words.lasts(sayLength(time.durationSeconds))}{' '}
        <When at={time.expiresAt} both />
      </Text>
      <Told told={told} />
    </Stack>
  );
}

/** Who hears of it: names on demand. */
function Told({ told: { count, people } }: Pick<Impact, 'told'>) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const others = count - people.length;
  return (
    <div>
      <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={isOpen}>
        {words.told(count)}
      </Button>
      {isOpen && (
        <List size="sm">
          {people.map(({ name, why }) => (
            <List.Item key={`${name} ${why}`}>
              {name} ({words.why[why]})
            </List.Item>
          ))}
          {others > 0 && <List.Item>{words.toldMore(others)}</List.Item>}
        </List>
      )}
    </div>
  );
}

function access(isOpen: boolean, seconds: number): string {
  return isOpen ? words.open(sayLength(seconds)) : words.closed;
}

/** Nobody is refused here for who they are: that is said beside the buttons. */
function Refusals({ impact: { refusals, stuck } }: { impact: Impact }) {
  const said = refusals.filter(({ code }) => code !== 'self_approval');
  const sentences = [
    ...said.map(({ sentence, details }) => [sentence, ...details.map(({ message }) => message)].join(' ')),
    ...(typeof stuck === 'string' ? [stuck] : []),
  ];
  if (sentences.length === 0) return null;
  return (
    <Alert color="orange" icon={<IconAlertTriangle />} title={words.refused}>
      <List size="sm">
        {sentences.map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
