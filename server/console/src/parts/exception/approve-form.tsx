import { Button, Checkbox, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { NewStepUp } from '@postern/shared/protocol/step-up-subject';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { t } from '../../strings/index.ts';
import { Form } from '../form/form.tsx';
import { Refused } from '../form/refused.tsx';
import { scopeText } from '../mine/scope.ts';
import { sendProven } from '../proof/send-proven.ts';
import { sayLength } from '../say-time.ts';
import { tell } from '../tell.ts';
import { approvalOf, shorterThan } from './narrowing.ts';
import { ResourceChoice } from './resource-choice.tsx';

const words = t.deciding.approve;

/** Approves a request, whole or less of it, with the proof that it takes. */
export function ApproveForm({
  evidence,
  done,
  cancel,
}: {
  evidence: ExceptionEvidence;
  done?: () => void;
  cancel?: () => void;
}) {
  const { exception, impact } = evidence;
  const { durationSeconds, person, stepUp } = exception;
  const [seconds, setSeconds] = useState(durationSeconds);
  const [rules, setRules] = useState<string[]>(exception.rules);
  const [resources, setResources] = useState<string[]>(exception.resources);
  const [reason, setReason] = useState('');
  const approve = useAct(async () => {
    const { body, about } = approvalOf(exception, { seconds, rules, resources, reason });
    const narrowed = { ...exception, rules, resources };
    const answer = await sendProven<ExceptionView>('POST', `/v1/admin/exceptions/${exception.id}/approve`, body, {
      about: { purpose: 'decide', about } as unknown as NewStepUp,
      sentence: words.sentence(scopeText(narrowed), person.name, sayLength(seconds)),
    });
    const said = answer.state === 'pending' ? words.doneWaits : words.done;
    tell(said(person.name, scopeText(answer)));
    done?.();
  }, staleAfter.decision);
  const lacks = exception.kind === 'device' && rules.length === 0;
  const isNarrowable = durationSeconds > 900 || exception.rules.length > 1;
  const takes = words.takes[impact?.plan?.stepUp.approval ?? stepUp.approval];
  return (
    <Form
      send={() => {
        if (!lacks) approve.mutate(undefined);
      }}
      gap="sm"
    >
      <NativeSelect
        label={words.length}
        {...(isNarrowable ? { description: words.narrowHint } : {})}
        data={[
          { value: String(durationSeconds), label: words.asAsked(sayLength(durationSeconds)) },
          ...shorterThan(durationSeconds).map((each) => ({
            value: String(each),
            label: words.only(sayLength(each)),
          })),
        ]}
        value={String(seconds)}
        onChange={({ currentTarget }) => setSeconds(Number(currentTarget.value))}
      />
      {exception.rules.length > 1 && (
        <Checkbox.Group label={words.rules} value={rules} onChange={setRules} error={lacks ? words.atLeastOne : null}>
          <Stack gap={4} mt={4}>
            {exception.rules.map((rule) => (
              <Checkbox key={rule} value={rule} label={rule} size="xs" />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {exception.kind === 'device' && (
        <ResourceChoice
          asked={exception.resources}
          known={impact?.resources.map(({ name }) => name) ?? []}
          chosen={resources}
          change={setResources}
        />
      )}
      <Textarea
        label={words.reason}
        maxLength={1000}
        autosize
        minRows={2}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      {takes !== '' && (
        <Text size="xs" c="dimmed">
          {takes}
        </Text>
      )}
      <Refused error={approve.error} />
      <Group justify={cancel === undefined ? 'flex-start' : 'flex-end'} gap="xs">
        {cancel !== undefined && (
          <Button variant="default" onClick={cancel}>
            {t.common.cancel}
          </Button>
        )}
        <Button type="submit" loading={approve.isPending} disabled={lacks}>
          {words.button}
        </Button>
      </Group>
    </Form>
  );
}
