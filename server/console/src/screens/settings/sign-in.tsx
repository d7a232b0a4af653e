import type { Installation } from '@postern/shared/protocol/settings';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';

const words = t.installation;

/** How people sign in, here and on their devices. */
export function SignIn({ installation: { providers, tokenProvider } }: { installation: Installation }) {
  const list = providers.map(({ id, title, issuer }) => <div key={id}>{`${title} (${issuer})`}</div>);
  return (
    <Card title={words.people}>
      <Facts
        facts={[
          [words.providers, providers.length === 0 ? words.noProviders : list],
          [words.tokenProvider, tokenProvider === null ? words.noTokenProvider : tokenProvider.issuer],
        ]}
      />
    </Card>
  );
}
