import { Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { queryClient } from '../../api/queries.ts';
import { Problem } from '../../parts/problem.tsx';

const codeInAddress = () => new URLSearchParams(location.hash.slice(1)).get('sign-in');

export default function SignIn() {
  const navigate = useNavigate();
  const [code] = useState(codeInAddress);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (code === null) return;
    // It must not stay in the bar or the history.
    history.replaceState(history.state, '', location.pathname + location.search);
    call('POST', '/v1/admin/session', { code })
      .then(() => {
        queryClient.clear();
        return navigate({ to: '/', replace: true });
      })
      .catch(setError);
  }, [code, navigate]);
  return (
    <Center mih="80vh" p="md" component="main" id="content">
      <Paper withBorder p="xl" w={420} maw="100%">
        <Stack>
          <Title order={1} size="h3">
            Sign in
          </Title>
          {error !== undefined && <Problem error={error} />}
          <Text c="dimmed">Open the one-time link that an admin gave you.</Text>
        </Stack>
      </Paper>
    </Center>
  );
}
