import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { Installation } from '@postern/shared/protocol/settings';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Sign } from '../../parts/sign.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.installation;

/** What runs here, where, and whether it is well. */
export function About({ installation }: { installation: Installation }) {
  const { version, issuer, startedAt, database, ready } = installation;
  return (
    <Card title={words.about}>
      <Facts
        facts={[
          [
            words.health,
            <Sign
              key="health"
              color={ready ? 'green' : 'red'}
              icon={ready ? IconCheck : IconAlertTriangle}
              label={ready ? words.ready : words.notReady}
            />,
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
