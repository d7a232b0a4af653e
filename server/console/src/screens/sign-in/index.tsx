import { Anchor, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useSearch } from '@tanstack/react-router';
import type { SignInWay } from '@postern/shared/protocol/sign-in';
import { useState } from 'react';
import { useGet } from '../../api/queries.ts';
import { sentenceOf } from '../../api/refusal.ts';
import { NotYet } from '../../parts/not-yet.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { t } from '../../strings/index.ts';
import { SecondFactor, type SecondFactorWays } from './second-factor.tsx';
import { useEnter } from './use-enter.ts';
import { useLinkInAddress } from './use-link-in-address.ts';
import { Ways } from './ways.tsx';

const words = t.signIn;

/** Who is not signed in comes here, and goes on to where they wanted to go. */
export default function SignIn() {
  useDocumentTitle(`${words.title} · ${t.common.product}`);
  const search: Readonly<Record<string, string | undefined>> = useSearch({ strict: false });
  const { error, isBusy, enter, forget } = useEnter(search['to']);
  const isOpening = useLinkInAddress(enter);
  const [second, setSecond] = useState<SecondFactorWays>();
  const ways = useGet<{ items: SignInWay[] }>('/v1/sign-in/ways');
  const problem = search['problem'];
  const said = error ?? (problem === undefined ? undefined : new Error(words.problem(problem)));
  return (
    <Center mih="100vh" p="md" component="main" id="content" tabIndex={-1}>
      <Paper withBorder p="xl" w={440} maw="100%">
        <Stack gap="lg">
          <Group gap="sm" wrap="nowrap">
            <img src="/console/icon.svg" alt="" width={32} height={32} />
            <div>
              <Title order={1} size="h3">
                {words.title}
              </Title>
              <Text size="sm" c="dimmed">
                {words.lead}
              </Text>
            </div>
          </Group>
          {said !== undefined && <Problem error={new Error(sentenceOf(said))} title={words.refused} />}
          {isOpening && error === undefined ? (
            <Waiting label={words.opening} />
          ) : ways.data === undefined ? (
            <NotYet error={ways.error} refetch={ways.refetch} />
          ) : second === undefined ? (
            <Ways ways={ways.data.items} to={search['to']} isBusy={isBusy} enter={enter} more={setSecond} />
          ) : (
            <SecondFactor ways={second} isBusy={isBusy} enter={enter} />
          )}
          {second !== undefined && (
            <Anchor
              component="button"
              type="button"
              size="sm"
              onClick={() => {
                forget();
                setSecond(undefined);
              }}
            >
              {words.back}
            </Anchor>
          )}
        </Stack>
      </Paper>
    </Center>
  );
}
