import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { RuleResult } from '@postern/shared/protocol/verdict';
import { Card } from '../../parts/card.tsx';
import { StackedTable } from '../../parts/stacked-table.tsx';
import { RuleSign } from '../../parts/standing.tsx';
import { t } from '../../strings/index.ts';

const words = t.request.others;

/** The other rules on the device: what is not in order, and on demand all of them. */
export function OthersCard({ others }: { others: readonly RuleResult[] }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const bad = others.filter(({ standing }) => standing !== 'fine' && standing !== 'not-applicable');
  const shown = isOpen ? [...bad, ...others.filter((each) => !bad.includes(each))] : bad;
  const good = others.length - bad.length;
  return (
    <Card title={words.title}>
      <Text size="sm">
        {others.length === 0
          ? words.none
          : bad.length === 0
            ? words.all(others.length)
            : words.some(bad.length, others.length)}
      </Text>
      {shown.length > 0 && (
        <StackedTable label={words.label} titles={[words.rule, words.standing, words.found]}>
          {shown.map((result) => ({
            key: `${result.policy}/${result.rule}`,
            cells: [result.title, <RuleSign key="sign" rule={result} />, result.observed ?? result.reason ?? '–'],
          }))}
        </StackedTable>
      )}
      {good > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={toggle}
          aria-expanded={isOpen}
          style={{ alignSelf: 'start' }}
        >
          {isOpen ? words.hideFine : words.showFine(good)}
        </Button>
      )}
    </Card>
  );
}
