import { Text } from '@mantine/core';
import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { AppLink } from '../../parts/app-link.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.policyDraft;

/** What a replay of this very text said: whom it would block. */
export function ReplayLine({ replay, draft }: { replay: PolicyReplay | undefined; draft: string }) {
  if (replay === undefined || replay.summary === null) return <Text size="sm">{words.notReplayed}</Text>;
  const { changes, newlyBlocked, at } = replay.summary;
  const sentence = t.policyReplay.wouldBlock(changes['newly-blocked'], newlyBlocked.people);
  return (
    <Text size="sm">
      {words.replayed(sentence)} <When at={at} />.{' '}
      <AppLink to="/policy-replays/$id" params={{ id: replay.id }} search={{ draft }}>
        {words.seeReplay}
      </AppLink>
    </Text>
  );
}
