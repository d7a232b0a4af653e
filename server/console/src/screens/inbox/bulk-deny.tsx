import { Button, Group, Modal, Progress, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { sentenceOf } from '../../api/refusal.ts';
import { staleAfter } from '../../api/stale.ts';
import { Form } from '../../parts/form/form.tsx';
import { t } from '../../strings/index.ts';
import { type Outcome, OutcomeList } from './outcome-list.tsx';

const words = t.inbox.bulk;

/** Denies several requests one after the other, each for itself, with one reason. */
export function BulkDeny({ requests, onClose }: { requests: readonly WaitingRequest[]; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const note = (id: string, outcome: Outcome) => setOutcomes((before) => new Map(before).set(id, outcome));
  const deny = useAct(async () => {
    for (const { id, requestHash } of requests) {
      note(id, { kind: 'working' });
      try {
        await call('POST', `/v1/admin/exceptions/${id}/deny`, { requestHash, reason: reason.trim() });
        note(id, { kind: 'done' });
      } catch (refusal) {
        // What one is refused for stops none of the others.
        note(id, { kind: 'failed', sentence: sentenceOf(refusal) });
      }
    }
  }, staleAfter.decision);
  const kinds = [...outcomes.values()].map(({ kind }) => kind);
  const denied = kinds.filter((kind) => kind === 'done').length;
  const failed = kinds.filter((kind) => kind === 'failed').length;
  const isOver = denied + failed === requests.length;
  const isBegun = outcomes.size > 0;
  const say = (outcome: Outcome) => {
    if (outcome.kind === 'failed') return words.failed(outcome.sentence);
    if (outcome.kind === 'done') return words.denied;
    if (outcome.kind === 'working') return words.working;
    return isBegun ? words.waits : '';
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.title(requests.length)}
      size="lg"
      // Once begun, each is said to its end.
      closeOnEscape={!isBegun || isOver}
      closeOnClickOutside={!isBegun}
      withCloseButton={!isBegun || isOver}
    >
      <Form send={() => deny.mutate(undefined)}>
        <Text size="sm">{words.text}</Text>
        <OutcomeList requests={requests} outcomes={outcomes} say={say} />
        {isBegun ? (
          <>
            <Progress value={(100 * (denied + failed)) / requests.length} aria-label={words.title(requests.length)} />
            <Text size="sm" role="status">
              {isOver ? words.result(denied, failed) : words.progress(denied + failed, requests.length)}
            </Text>
          </>
        ) : (
          <Textarea
            label={words.reason}
            required
            maxLength={1000}
            autosize
            minRows={2}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            data-autofocus
          />
        )}
        <Group justify="flex-end">
          {isOver ? (
            <Button onClick={onClose}>{words.close}</Button>
          ) : (
            <>
              <Button variant="default" onClick={onClose} disabled={isBegun}>
                {t.common.cancel}
              </Button>
              <Button type="submit" color="red" loading={deny.isPending}>
                {words.button(requests.length)}
              </Button>
            </>
          )}
        </Group>
      </Form>
    </Modal>
  );
}
