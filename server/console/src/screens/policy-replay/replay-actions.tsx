import { Button } from '@mantine/core';
import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { useIs } from '../../app/session.tsx';
import { ButtonLink } from '../../parts/app-link.tsx';
import { tellOutcome } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { useDraftOf } from './use-draft-of.ts';

const words = t.policyReplay;

/** Stop it while it runs; go on with the draft when it is done. */
export function ReplayActions({ replay }: { replay: PolicyReplay }) {
  const isAdmin = useIs('admin');
  const draft = useDraftOf(replay);
  const stop = useAct(() => call('POST', `/v1/admin/policy-replays/${replay.id}/cancel`), staleAfter.replay);
  return (
    <>
      {isAdmin && replay.state === 'running' && (
        <Button
          variant="default"
          onClick={() => void tellOutcome(() => stop.mutateAsync(), words.stopped)}
          loading={stop.isPending}
        >
          {words.cancel}
        </Button>
      )}
      {draft !== undefined && (
        <ButtonLink to="/policy-drafts/$id" params={{ id: draft }}>
          {words.toDraft}
        </ButtonLink>
      )}
    </>
  );
}
