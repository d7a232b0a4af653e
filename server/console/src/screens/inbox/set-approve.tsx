import { Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import type { ExceptionSetOutcome } from '@postern/shared/protocol/exception-set';
import type { NewStepUp } from '@postern/shared/protocol/step-up-subject';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Form } from '../../parts/form/form.tsx';
import { Refused } from '../../parts/form/refused.tsx';
import { scopeText } from '../../parts/mine/scope.ts';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { t } from '../../strings/index.ts';
import { type Outcome, OutcomeList } from './outcome-list.tsx';

const words = t.inbox.set;

/** Approves requests that were asked for together, with one proof; each is answered for itself. */
export function SetApprove({ requests, onClose }: { requests: readonly WaitingRequest[]; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [first] = requests;
  const set = first?.set ?? '';
  const approve = useAct(async () => {
    const seen = requests.map(({ id: exception, requestHash }) => ({ exception, requestHash }));
    const about = { purpose: 'decide', about: { set, requests: seen } } as unknown as NewStepUp;
    const said = reason.trim() === '' ? {} : { reason: reason.trim() };
    const sentence = words.sentence(requests.length, first === undefined ? '' : scopeText(first));
    const path = `/v1/admin/exception-sets/${set}/approve`;
    const { items } = await sendProven<ExceptionSetOutcome>(
      'POST',
      path,
      { requests: seen, ...said },
      { about, sentence },
    );
    const outcomeOf = ({ done, sentence: why }: (typeof items)[number]): Outcome =>
      done ? { kind: 'done' } : { kind: 'failed', sentence: why ?? '' };
    setOutcomes(new Map(items.map((item) => [item.exception, outcomeOf(item)])));
  }, staleAfter.decision);
  const done = [...outcomes.values()].filter(({ kind }) => kind === 'done').length;
  const isOver = outcomes.size > 0;
  const say = (outcome: Outcome) => {
    if (outcome.kind === 'failed') return words.failed(outcome.sentence);
    return outcome.kind === 'done' ? words.approved : '';
  };
  return (
    <Modal opened onClose={onClose} title={words.title(requests.length)} size="lg">
      <Form send={() => approve.mutate(undefined)}>
        <Text size="sm">{words.text}</Text>
        <OutcomeList requests={requests} outcomes={outcomes} say={say} />
        {isOver ? (
          <Text size="sm" role="status">
            {words.result(done, outcomes.size - done)}
          </Text>
        ) : (
          <Textarea
            label={t.deciding.approve.reason}
            maxLength={1000}
            autosize
            minRows={2}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
        )}
        <Refused error={approve.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {isOver ? t.inbox.bulk.close : t.common.cancel}
          </Button>
          {!isOver && (
            <Button type="submit" loading={approve.isPending}>
              {words.button(requests.length)}
            </Button>
          )}
        </Group>
      </Form>
    </Modal>
  );
}
