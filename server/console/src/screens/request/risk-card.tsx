import { Button, List, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { Card } from '../../parts/card.tsx';
import { RiskSign } from '../../parts/exception/risk-sign.tsx';
import { StackedTable } from '../../parts/stacked-table.tsx';
import { t } from '../../strings/index.ts';

const words = t.request.risk;

/** The score, and where each point of it comes from. */
export function RiskCard({ exception: { risk, conditions } }: { exception: ExceptionView }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const adding = risk.inputs.filter(({ points }) => points !== 0);
  const nothing = risk.inputs.filter(({ points }) => points === 0);
  const shown = isOpen ? [...adding, ...nothing] : adding;
  return (
    <Card title={words.title} actions={<RiskSign score={risk.score} />}>
      {shown.length === 0 ? (
        <Text size="sm">{words.none}</Text>
      ) : (
        <StackedTable label={words.label} titles={[words.points, words.what]}>
          {shown.map(({ name, points, sentence }) => ({
            key: name,
            cells: [points > 0 ? `+${points}` : String(points), sentence],
          }))}
        </StackedTable>
      )}
      {nothing.length > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={toggle}
          aria-expanded={isOpen}
          style={{ alignSelf: 'start' }}
        >
          {words.zero(nothing.length)}
        </Button>
      )}
      {conditions.length > 0 && (
        <>
          <Text size="sm">{words.conditions}</Text>
          <List size="sm">
            {conditions.map((each) => (
              <List.Item key={each}>{each}</List.Item>
            ))}
          </List>
        </>
      )}
    </Card>
  );
}
