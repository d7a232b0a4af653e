import { Button, Container, Text, Textarea } from '@mantine/core';
import { IconCircleCheck, IconLinkOff } from '@tabler/icons-react';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { AppLink } from '../../parts/app-link.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Form } from '../../parts/form/form.tsx';
import { Refused } from '../../parts/form/refused.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { takeCode } from './take-code.ts';

const words = t.deny;

/**
 * Where a mail to an approver leads. It asks the backend nothing until somebody presses the button: programs that look at
 * the links in mails deny nothing.
 */
export default function Deny() {
  const [code] = useState(takeCode);
  const [isDone, setDone] = useState(false);
  return (
    <Container size="sm" py="xl" component="main" id="content">
      <Page title={words.title}>
        {isDone ? (
          <EmptyState icon={IconCircleCheck} title={words.done} text={words.doneText} />
        ) : code === '' ? (
          <EmptyState icon={IconLinkOff} title={words.notWhole} text={words.notWholeText} />
        ) : (
          <DenyForm code={code} done={() => setDone(true)} />
        )}
        <AppLink to="/">{words.open}</AppLink>
      </Page>
    </Container>
  );
}

function DenyForm({ code, done }: { code: string; done: () => void }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const deny = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const text = reason.trim();
      await call('POST', '/v1/deny-links', { code, ...(text === '' ? {} : { reason: text }) });
      done();
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  };
  return (
    <Form send={deny}>
      <Text>
        {words.text} {words.readFirst}
      </Text>
      <Textarea
        label={words.reason}
        description={words.reasonHint}
        maxLength={1000}
        autosize
        minRows={2}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
      <Refused error={error} />
      <Button type="submit" color="red" loading={isBusy}>
        {words.button}
      </Button>
    </Form>
  );
}
