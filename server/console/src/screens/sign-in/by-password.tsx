import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SignedIn } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { Form } from '../../parts/form/form.tsx';
import { t } from '../../strings/index.ts';
import type { SecondFactorWays } from './second-factor.tsx';
import type { Entering } from './use-enter.ts';

const words = t.signIn;

/** An e-mail address and a password. What was typed stays when it was wrong: people correct it. */
export function ByPassword({
  isBusy,
  isFirst,
  enter,
  more,
}: Entering & { isFirst: boolean; more: (ways: SecondFactorWays) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const send = () =>
    enter(async () => {
      const answer = await call<SignedIn>('POST', '/v1/sign-in/password', { email, password });
      if (answer.state === 'signed-in') return true;
      more(answer.ways);
      return false;
    });
  return (
    <Form send={send} gap="sm">
      <TextInput
        label={words.email}
        type="email"
        autoComplete="username"
        required
        maxLength={254}
        value={email}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <PasswordInput
        label={words.password}
        autoComplete="current-password"
        required
        maxLength={256}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t.common.showTyped }}
      />
      <Button type="submit" variant={isFirst ? 'filled' : 'default'} loading={isBusy}>
        {words.withPassword}
      </Button>
    </Form>
  );
}
