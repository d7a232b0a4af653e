import { Button, TextInput } from '@mantine/core';
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

/** Changes a request that waits: it is asked anew, and nobody has voted on it then. */
export function EditButton({ exception }: { exception: ExceptionView }) {
  const [isOpen, { open, close }] = useDisclosure(false);
  const lengths = useLengths(exception);
  const [duration, setDuration] = useState(durationText(exception.durationSeconds));
  const [justification, setJustification] = useState(exception.justification);
  const [ticket, setTicket] = useState(exception.ticket ?? '');
  const edit = useAct(async () => {
    const change = {
      duration,
      justification: justification.trim(),
      ticket: ticket.trim() === '' ? null : ticket.trim(),
    };
    const about = { purpose: 'request', about: { exception: exception.id, edit: change } } as unknown as NewStepUp;
    const sentence = t.mine.proof.again(scopeText(exception));
    await sendProven('POST', `/v1/admin/exceptions/${exception.id}/edit`, change, { about, sentence });
    tell(words.edited);
  }, staleAfter.own);
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {words.edit}
      </Button>
      <AskingDialog
        opened={isOpen}
        onClose={close}
        title={words.editTitle}
        text={words.editText}
        send={() => edit.mutateAsync(undefined)}
      >
        <LengthField lengths={lengths} value={duration} change={setDuration} />
        <TextInput
          label={t.ask.ticketOptional}
          maxLength={128}
          value={ticket}
          onChange={({ currentTarget }) => setTicket(currentTarget.value)}
        />
        <WhyField value={justification} change={setJustification} />
      </AskingDialog>
    </>
  );
}
