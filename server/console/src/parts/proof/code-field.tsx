import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../strings/index.ts';

/** Six digits of an authenticator app. */
export function CodeField({
  send,
  button = t.common.proof.giveCode,
}: {
  send: (code: string) => void;
  button?: string;
}) {
  const [code, setCode] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send(code);
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t.common.proof.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9]{6}"
          maxLength={6}
          required
          title={t.common.proof.sixDigits}
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {button}
        </Button>
      </Group>
    </form>
  );
}
