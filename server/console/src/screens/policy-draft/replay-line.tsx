import { Text } from '@mantine/core';
import { AppLink } from '../../parts/app-link.tsx';
import type { Replay } from '../../parts/policy/types.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.policyDraft;

/** What a replay of this very text said: whom it would block. */
export function ReplayLine({ replay, draft }: { replay: Replay | undefined; draft: string }) {
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
