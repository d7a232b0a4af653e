import { Button, Divider, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { useMe } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import { Card } from '../../parts/card.tsx';
import { ApproveForm } from '../../parts/exception/approve-form.tsx';
import { DenyDialog } from '../../parts/exception/deny-dialog.tsx';
import { RevokeButton } from '../../parts/exception/revoke-button.tsx';
import { Votes } from '../../parts/exception/votes.tsx';
import { yourPart } from '../../parts/exception/your-part.ts';
import { EndButton } from '../../parts/mine/end-button.tsx';
import { t } from '../../strings/index.ts';
import { ChangedAlert } from './changed-alert.tsx';
import { Standing } from './standing.tsx';
import { useSeen } from './use-seen.ts';

const words = t.request.decision;

/** Where it stands, who has voted, and what whoever looks at it may do. */
export function DecisionCard({ evidence }: { evidence: ExceptionEvidence }) {
  const { exception, acts } = evidence;
  const { id: myId } = useMe();
  const { change, accept } = useSeen(exception, myId);
  const isWaiting = exception.state === 'pending';
  const isMine = exception.person.id === myId;
  const mayEnd = isMine ? acts.revoke.may || acts.withdraw.may : acts.withdraw.may;
  return (
    <Card title={words.title}>
      {change !== null && <ChangedAlert change={change} exception={exception} accept={accept} />}
      <Standing exception={exception} />
      <Divider label={words.votes} labelPosition="left" />
      <Votes exception={exception} />
      {isWaiting && (
        <>
          <Divider label={words.yourPart} labelPosition="left" />
          <Text size="sm" fw={600}>
            {yourPart(exception, acts, myId)}
          </Text>
        </>
      )}
      {change !== 'edited' && <Decide evidence={evidence} />}
      <Group gap="xs">
        {acts.revoke.may && !isMine && <RevokeButton exception={exception} size="sm" />}
        {mayEnd && <EndButton exception={exception} />}
      </Group>
      {(acts.edit.may || acts.extend.may) && isMine && (
        <Text size="sm">
          <AppLink to="/me/requests">{words.mayExtend}</AppLink>
        </Text>
      )}
    </Card>
  );
}

function Decide({ evidence }: { evidence: ExceptionEvidence }) {
  const { exception, acts } = evidence;
  const [isDenying, { open, close }] = useDisclosure(false);
  if (!acts.approve.may && !acts.deny.may) return null;
  return (
    <Stack gap="sm">
      {acts.approve.may && <ApproveForm key={exception.requestHash} evidence={evidence} />}
      <Group>
        <Button variant="outline" color="red" onClick={open}>
          {t.deciding.deny.short}
        </Button>
      </Group>
      <DenyDialog exception={exception} opened={isDenying} onClose={close} />
    </Stack>
  );
}
