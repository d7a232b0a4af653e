import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { NewStepUp } from '@postern/shared/protocol/step-up-subject';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { LengthField } from '../../parts/mine/length-field.tsx';
import { scopeText } from '../../parts/mine/scope.ts';
import { WhyField } from '../../parts/mine/why-field.tsx';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { durationText } from '../../parts/say-time.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { AskingDialog } from './asking-dialog.tsx';
import { useLengths } from './use-lengths.ts';

const words = t.mine.requests;

/** Asks for the same for longer. */
export function ExtendButton({ exception }: { exception: ExceptionView }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const lengths = useLengths(exception);
  const [duration, setDuration] = useState(durationText(exception.durationSeconds));
  const [justification, setJustification] = useState('');
  const extend = useAct(async () => {
    const extension = { duration, justification: justification.trim() };
    const about = { purpose: 'request', about: { exception: exception.id, extension } } as unknown as NewStepUp;
    const sentence = t.mine.proof.again(scopeText(exception));
    await sendProven('POST', `/v1/admin/exceptions/${exception.id}/extend`, extension, { about, sentence });
    tell(words.extended);
  }, staleAfter.own);
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {words.extend}
      </Button>
      <AskingDialog
        opened={isOpen}
        onClose={close}
        title={words.extendTitle}
        text={words.extendText(scopeText(exception))}
        send={() => extend.mutateAsync(undefined)}
      >
        <LengthField lengths={lengths} value={duration} change={setDuration} />
        <WhyField value={justification} change={setJustification} />
      </AskingDialog>
    </>
  );
}
