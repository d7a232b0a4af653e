import { Alert, Button } from '@mantine/core';
import { IconClock, IconHelp, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import type { AuditEntryView } from '@postern/shared/protocol/admin';
import { Card } from '../../parts/card.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { t } from '../../strings/index.ts';
import { ProofSteps } from './proof-steps.tsx';
import { TheKey } from './the-key.tsx';
import { useProof } from './use-proof.ts';
import type { ProofResult } from './verify-proof.ts';

const words = t.audit.proof;

const looks = {
  verified: { color: 'green', icon: IconShieldCheck },
  'not-verified': { color: 'red', icon: IconShieldX },
  'not-checked': { color: 'gray', icon: IconHelp },
} as const satisfies Record<ProofResult['verdict'], object>;

/** Whether the entry is in the signed log, as this browser found out by itself. */
export function Proof({ entry }: { entry: AuditEntryView }) {
  const { data, error, isWaiting, isFetching, refetch } = useProof(entry);
  const again = () => void refetch();
  return (
    <Card
      title={words.title}
      actions={
        <Button variant="default" size="xs" onClick={again} loading={isFetching}>
          {words.again}
        </Button>
      }
    >
      {data !== undefined ? (
        <Checked answer={data} />
      ) : isWaiting ? (
        <Alert color="blue" icon={<IconClock />} title={words.waiting} role="status">
          {words.waitingText}
        </Alert>
      ) : error === null ? (
        <Waiting label={words.working} />
      ) : (
        <Problem error={error} again={again} />
      )}
    </Card>
  );
}

function Checked({ answer: { result, answer, key } }: { answer: NonNullable<ReturnType<typeof useProof>['data']> }) {
  const { verdict } = result;
  const { color, icon: Icon } = looks[verdict];
  return (
    <>
      <Alert
        color={color}
        icon={<Icon />}
        title={words[verdict]}
        role={verdict === 'verified' ? 'status' : 'alert'}
        data-verdict={verdict}
      >
        {words[`${verdict}Text`]}
      </Alert>
      <ProofSteps result={result} />
      <TheKey result={result} vkey={key} checkpoint={answer.checkpoint} entry={answer.entry} />
    </>
  );
}
