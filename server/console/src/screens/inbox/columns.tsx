import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import { useMe } from '../../app/session.tsx';
import { AppLink } from '../../parts/app-link.tsx';
import type { Column } from '../../parts/column.ts';
import { EmergencySign } from '../../parts/exception/exception-link.tsx';
import { RiskSign } from '../../parts/exception/risk-sign.tsx';
import { TimeLeft } from '../../parts/exception/time-left.tsx';
import { yourPart } from '../../parts/exception/your-part.ts';
import { scopeText } from '../../parts/mine/scope.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.inbox;

type Act = (request: WaitingRequest) => void;

/** Requests that wait, with what whoever looks may do about each. */
export function useColumns(approve: Act, deny: Act): readonly Column<WaitingRequest>[] {
  const { id: myId } = useMe();
  return useMemo(
    () => [
      {
        key: 'request',
        title: words.columns.request,
        width: '34%',
        show: (request) => <Named request={request} />,
        text: (request) => words.asks(request.person.name, scopeText(request)),
      },
      {
        key: 'device',
        title: words.columns.device,
        show: ({ device }) => <Text size="sm">{device.name}</Text>,
        text: ({ device }) => device.name,
      },
      {
        key: 'risk',
        title: words.columns.risk,
        show: ({ risk }) => <RiskSign score={risk.score} />,
        text: ({ risk }) => risk.score,
      },
      {
        key: 'yours',
        title: words.columns.yours,
        show: (request) => (
          <Text size="sm" fw={request.mayDecide.approve.may ? 600 : 400}>
            {yourPart(request, request.mayDecide, myId)}
          </Text>
        ),
        text: (request) => yourPart(request, request.mayDecide, myId),
      },
      {
        key: 'left',
        title: words.columns.left,
        width: '16%',
        show: ({ lapsesAt, requestedAt }) => (
          <Stack gap={0}>
            <TimeLeft until={lapsesAt} />
            <Text size="xs" c="dimmed">
              {words.columns.asked} <When at={requestedAt} />
            </Text>
          </Stack>
        ),
        text: ({ lapsesAt }) => lapsesAt,
      },
      {
        key: 'actions',
        title: words.columns.actions,
        show: (request) => <Buttons request={request} approve={approve} deny={deny} />,
        text: ({ justification }) => justification,
      },
    ],
    [approve, deny, myId],
  );
}

function Named({ request }: { request: WaitingRequest }) {
  const { id, person, requestedBy, emergency, justification } = request;
  return (
    <Stack gap={2} miw={0}>
      <Group gap={6}>
        <AppLink to="/exceptions/$id" params={{ id }} size="sm" fw={600} data-request={id}>
          {words.asks(person.name, scopeText(request))}
        </AppLink>
        {emergency && <EmergencySign />}
        {request.extends !== null && <Badge color="gray">{t.deciding.extension}</Badge>}
      </Group>
      {requestedBy.id !== person.id && <Text size="xs">{words.onBehalf(requestedBy.name)}</Text>}
      <Text size="xs" c="dimmed" lineClamp={1}>
        {justification}
      </Text>
    </Stack>
  );
}

function Buttons({ request, approve, deny }: { request: WaitingRequest; approve: Act; deny: Act }) {
  const { person, mayDecide } = request;
  return (
    <Group gap={6} wrap="nowrap">
      {mayDecide.approve.may && (
        <Button size="compact-xs" onClick={() => approve(request)} aria-label={t.deciding.approve.open(person.name)}>
          {t.deciding.approve.short}
        </Button>
      )}
      {mayDecide.deny.may && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => deny(request)}
          aria-label={t.deciding.deny.open(person.name)}
        >
          {t.deciding.deny.short}
        </Button>
      )}
    </Group>
  );
}
