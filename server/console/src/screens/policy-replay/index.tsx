import { Alert, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { PolicyReplay } from '@postern/shared/protocol/policy-replay';
import { useGet } from '../../api/queries.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { Found } from './found.tsx';
import { ReplayActions } from './replay-actions.tsx';
import { Running } from './running.tsx';
import { useWhileRunning } from './use-while-running.ts';

const words = t.policyReplay;

/** What a draft would change, for whom, and when. */
export default function PolicyReplay() {
  const { id = '' } = useParams({ strict: false });
  const path = `/v1/admin/policy-replays/${id}`;
  const { data, error, refetch } = useGet<PolicyReplay>(path);
  useWhileRunning(path, data?.state === 'running');
  if (data === undefined || data.id !== id)
    return <NotYet error={error} refetch={refetch} title={t.common.things.policyReplay} />;
  const { state, policy, summary } = data;
  return (
    <Page
      title={words.title(policy)}
      above={<AppLink to="/policies">{t.policy.all}</AppLink>}
      {...(summary === null ? {} : { lead: words.lead(policy, comparedWith(summary.comparedWith)) })}
      actions={<ReplayActions replay={data} />}
    >
      <Stack gap="lg">
        {state === 'running' && <Running replay={data} />}
        {state === 'cancelled' && <Alert color="gray">{words.cancelled}</Alert>}
        {state === 'failed' && <Alert color="red">{words.failed}</Alert>}
        {summary !== null && <Found id={id} summary={summary} />}
      </Stack>
    </Page>
  );
}

function comparedWith(version: number): string {
  return version === 0 ? words.comparedNone : words.comparedVersion(version);
}
