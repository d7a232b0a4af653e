import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { Installation } from '@postern/shared/protocol/settings';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.installation;

export function About({ installation }: { installation: Installation }) {
  const { version, issuer, startedAt, database, ready } = installation;
  return (
    <Card title={words.about}>
      <Facts
        facts={[
          [
            words.health,
            <Badge
              key="health"
              color={ready ? 'green' : 'red'}
              leftSection={ready ? <IconCheck size={12} /> : <IconAlertTriangle size={12} />}
            >
              {ready ? words.ready : words.notReady}
            </Badge>,
          ],
          [words.version, version],
          [words.issuer, issuer],
          [words.database, words.databases[database]],
          [words.since, <When key="since" at={startedAt} both />],
        ]}
      />
    </Card>
  );
}
