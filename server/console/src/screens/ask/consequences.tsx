import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import type { Impact } from '@postern/shared/protocol/impact';
import { call } from '../../api/call.ts';
import { keyOf } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { t } from '../../strings/index.ts';
import { Means } from './means.tsx';

const words = t.ask.means;

/** What would come of it, by the same code that would decide it. Asks for nothing. */
export function Consequences({
  path,
  body,
  isEmergency,
}: {
  path: string;
  /** Undefined while something is missing. */
  body: object | undefined;
  isEmergency: boolean;
}) {
  const [text] = useDebouncedValue(body === undefined ? '' : JSON.stringify(body), 250);
  const { data, error, refetch } = useQuery({
    queryKey: keyOf(path, { body: text }),
    queryFn: ({ signal }) => call<Impact>('POST', path, JSON.parse(text), signal),
    enabled: text !== '',
    placeholderData: (before) => before,
  });
  return (
    <Card title={words.title}>
      {body === undefined ? (
        <Text size="sm" c="dimmed">
          {words.waiting}
        </Text>
      ) : error !== null ? (
        <Problem error={error} again={() => void refetch()} />
      ) : data === undefined ? (
        <Waiting label={words.looking} />
      ) : (
        <>
          <Refusals impact={data} isEmergency={isEmergency} />
          <Means impact={data} />
        </>
      )}
    </Card>
  );
}

function Refusals({ impact: { refusals, stuck }, isEmergency }: { impact: Impact; isEmergency: boolean }) {
  return (
    <>
      {refusals.length > 0 && (
        <Alert color="red" icon={<IconAlertTriangle />} title={words.refusals}>
          <List size="sm">
            {refusals.map(({ code, sentence, details }) => (
              <List.Item key={code}>{[sentence, ...details.map(({ message }) => message)].join(' ')}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {typeof stuck === 'string' && !isEmergency && (
        <Alert color="orange" icon={<IconAlertTriangle />} title={words.stuck}>
          {stuck}
        </Alert>
      )}
    </>
  );
}
