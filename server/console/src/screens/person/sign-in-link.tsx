import { Button } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import type { UserDetail } from '@postern/shared/protocol/sign-in';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { SecretOnce } from '../../parts/secret-once.tsx';
import { tellRefusal } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';

const words = t.people.signIn;

/** A link for who has nothing else, shown once. */
export function SignInLink({ person: { id, name } }: { person: UserDetail }) {
  const [link, setLink] = useState<string>();
  const { mutate, isPending } = useAct(
    (_nothing: undefined) => call<{ link: string }>('POST', `/v1/admin/users/${id}/sign-in-links`, {}),
    [],
  );
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconLink size={14} />}
        loading={isPending}
        onClick={() =>
          mutate(undefined, {
            onSuccess: (made) => setLink(made.link),
            onError: (refusal) => tellRefusal(refusal),
          })
        }
      >
        {words.link}
      </Button>
      <SecretOnce
        opened={link !== undefined}
        onClose={() => setLink(undefined)}
        title={words.linkTitle(name)}
        text={words.linkText}
        secrets={link === undefined ? [] : [[words.linkLabel, link]]}
        done={words.done}
      />
    </>
  );
}
