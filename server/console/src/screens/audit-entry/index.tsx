import { Group, Stack } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { AppLink, ButtonLink } from '../../parts/app-link.tsx';
import { NotYet } from '../../parts/not-yet.tsx';
import { Page } from '../../parts/page.tsx';
import { t } from '../../strings/index.ts';
import { Details } from './details.tsx';
import { What } from './what.tsx';
import { Proof } from './proof.tsx';
import { sayEntry } from './say.ts';
import { useEntry } from './use-entry.ts';

const words = t.audit.entry;

/** One entry of the record, and its proof. */
export default function AuditEntry() {
  const { seq = '' } = useParams({ strict: false });
  const { data: entry, error, refetch } = useEntry(seq);
  const number = Number(seq);
  return (
    <Page
      title={words.title(seq)}
      lead={entry === undefined ? undefined : sayEntry(entry)}
      above={
        <AppLink to="/audit" size="sm">
          {words.above}
        </AppLink>
      }
      actions={
        <Group gap="xs">
          {number > 1 && (
            <ButtonLink
              to="/audit/$seq"
              params={{ seq: String(number - 1) }}
              variant="default"
              size="xs"
              leftSection={<IconChevronLeft size={14} />}
            >
              {words.earlier}
            </ButtonLink>
          )}
          <ButtonLink
            to="/audit/$seq"
            params={{ seq: String(number + 1) }}
            variant="default"
            size="xs"
            rightSection={<IconChevronRight size={14} />}
          >
            {words.later}
          </ButtonLink>
        </Group>
      }
    >
      {entry === undefined ? (
        <NotYet error={error} refetch={refetch} />
      ) : (
        <Stack gap="lg">
          <What entry={entry} />
          <Proof key={entry.seq} entry={entry} />
          <Details entry={entry} />
        </Stack>
      )}
    </Page>
  );
}
