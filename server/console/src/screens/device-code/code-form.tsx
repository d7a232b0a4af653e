import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '../../strings/index.ts';

const words = t.deviceCode;

/** For who reads the code from one screen and types it at another. */
export function CodeForm({ lookUp }: { lookUp: (code: string) => void }) {
  const [code, setCode] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        lookUp(code.trim().toUpperCase());
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          label={words.code}
          description={words.codeHint}
          required
          maxLength={32}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
        />
        <Button type="submit">{words.lookUp}</Button>
      </Group>
    </form>
  );
}
