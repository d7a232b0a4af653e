import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { t } from '../../strings/index.ts';
import { Briefs } from './briefs.tsx';
import { Counts, isNone } from './counts.tsx';

const words = t.request.person;

/** Whom it is for, and what they asked for before. */
export function PersonCard({
  evidence: { person, history },
  mayOpen,
}: {
  evidence: ExceptionEvidence;
  mayOpen: boolean;
}) {
  const { id, name, email, roles, groups, manager, active } = person;
  return (
    <Card
      title={words.title}
      actions={
        mayOpen && (
          <AppLink size="sm" to="/people/$id" params={{ id }}>
            {words.open}
          </AppLink>
        )
      }
    >
      {!active && (
        <Alert color="orange" icon={<IconAlertTriangle />}>
          {words.inactive}
        </Alert>
      )}
      <Facts
        facts={[
          [words.name, name],
          [words.email, email],
          [words.roles, roles.map((role) => t.people.roles[role]).join(', ')],
          [words.groups, groups.length === 0 ? words.none : groups.join(', ')],
          [words.manager, manager?.name ?? words.none],
        ]}
      />
      {isNone(history.counts) ? (
        <Text size="sm">{words.noHistory}</Text>
      ) : (
        <>
          <Text size="sm" fw={600}>
            {words.history}
          </Text>
          <Counts counts={history.counts} />
          <Briefs items={history.latest} label={words.history} />
        </>
      )}
    </Card>
  );
}
