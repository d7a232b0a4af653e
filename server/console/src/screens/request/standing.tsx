import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import { RiskSign } from '../../parts/exception/risk-sign.tsx';
import { TimeLeft } from '../../parts/exception/time-left.tsx';
import { Facts } from '../../parts/facts.tsx';
import { ExceptionSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.request.decision;

/** Where it is in its life, and until when. */
export function Standing({ exception }: { exception: ExceptionView }) {
  const { state, live, lapsesAt, beginsAt, expiresAt, endedAt, endedReason, risk } = exception;
  const isOpen = state === 'active' || state === 'approved' || state === 'scheduled';
  return (
    <>
      {state === 'active' && !live && (
        <Alert color="orange" icon={<IconAlertTriangle />}>
          {words.notLive}
        </Alert>
      )}
      <Facts
        facts={[
          [words.state, <ExceptionSign key="state" state={state} live={live} />],
          [t.request.risk.title, state === 'pending' ? <RiskSign key="risk" score={risk.score} /> : null],
          [words.left, state === 'pending' ? <TimeLeft key="left" until={lapsesAt} /> : null],
          [words.begins, state === 'scheduled' ? <When key="begins" at={beginsAt} both /> : null],
          [
            state === 'approved' ? words.beginBy : words.ends,
            isOpen && expiresAt !== null ? <TimeLeft key="ends" until={expiresAt} /> : null,
          ],
          [words.ended, endedAt === null ? null : <When key="ended" at={endedAt} both />],
          [words.because, endedReason],
        ]}
      />
    </>
  );
}
