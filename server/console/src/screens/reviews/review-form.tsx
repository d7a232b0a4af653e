import { Button, Group, Radio, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ReviewDetail, ReviewKind, ReviewVerdict } from '@postern/shared/protocol/review';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { Form } from '../../parts/form/form.tsx';
import { Refused } from '../../parts/form/refused.tsx';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { verdictText } from './review.ts';

const words = t.reviews.detail;

const choices = {
  emergency: ['ratified', 'repudiated'],
  exception: ['keep', 'end'],
  rule: ['keep', 'change'],
} as const satisfies Record<ReviewKind, readonly ReviewVerdict[]>;

/** What somebody makes of it, and why. Each choice says what follows. */
export function ReviewForm({ review: { id, kind }, done }: { review: ReviewDetail; done: () => void }) {
  const [verdict, setVerdict] = useState('');
  const [note, setNote] = useState('');
  const decide = useAct(async () => {
    await call('POST', `/v1/admin/reviews/${id}/decide`, { verdict, note: note.trim() });
    tell(words.done);
    done();
  }, staleAfter.decision);
  const isEnd = verdict === 'end' || verdict === 'repudiated';
  return (
    <Form send={() => decide.mutate(undefined)}>
      <Radio.Group label={words.question} value={verdict} onChange={setVerdict} required>
        <Stack gap="xs" mt="xs">
          {choices[kind].map((each) => (
            <Radio
              key={each}
              value={each}
              label={verdictText(kind, each)}
              description={kind === 'rule' && each === 'keep' ? words.consequence.keepRule : words.consequence[each]}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={words.note}
        required
        maxLength={1000}
        autosize
        minRows={2}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Refused error={decide.error} />
      <Group justify="flex-end">
        <Button type="submit" loading={decide.isPending} disabled={verdict === ''} {...(isEnd ? { color: 'red' } : {})}>
          {words.button}
        </Button>
      </Group>
    </Form>
  );
}
