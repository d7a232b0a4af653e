import { Stack, Text } from '@mantine/core';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { Column } from '../../parts/column.ts';
import { EndHere } from '../../parts/exception/end-here.tsx';
import { ExceptionLink } from '../../parts/exception/exception-link.tsx';
import { TimeLeft } from '../../parts/exception/time-left.tsx';
import { scopeTitle } from '../../parts/mine/scope.ts';
import { sayLength } from '../../parts/say-time.ts';
import { ExceptionSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.exceptions.columns;

type C = Column<ExceptionView>;

const what: C = {
  key: 'what',
  title: words.what,
  width: '34%',
  show: (exception) => <What exception={exception} />,
  text: scopeTitle,
};
const who: C = { key: 'who', title: words.who, show: ({ person }) => person.name, text: ({ person }) => person.name };
const device: C = {
  key: 'device',
  title: words.device,
  show: (exception) => exception.device.name,
  text: (exception) => exception.device.name,
};
const state: C = {
  key: 'state',
  title: words.state,
  show: (exception) => <ExceptionSign state={exception.state} live={exception.live} />,
  text: (exception) => exception.state,
};
const ends: C = {
  key: 'ends',
  title: words.left,
  show: ({ expiresAt }) => (expiresAt === null ? '–' : <TimeLeft until={expiresAt} />),
  text: ({ expiresAt }) => expiresAt,
};
const asked: C = {
  key: 'asked',
  title: words.asked,
  show: ({ requestedAt }) => <When at={requestedAt} />,
  text: ({ requestedAt }) => requestedAt,
};
const ended: C = {
  key: 'ended',
  title: words.ended,
  show: ({ endedAt }) => (endedAt === null ? '–' : <When at={endedAt} />),
  text: ({ endedAt }) => endedAt,
};
const reason: C = {
  key: 'reason',
  title: words.reason,
  show: (exception) => (
    <Text size="xs" c="dimmed" lineClamp={2}>
      {reasonOf(exception)}
    </Text>
  ),
  text: reasonOf,
};
const actions: C = {
  key: 'actions',
  title: words.actions,
  show: (exception) => <EndHere exception={exception} />,
  text: ({ justification }) => justification,
};

/** What is in force. */
export const openColumns: readonly C[] = [what, who, device, state, ends, actions];
/** What is over, and how it ended. */
export const historyColumns: readonly C[] = [what, who, device, { ...state, title: words.how }, ended, reason];
/** Whatever its state. */
export const allColumns: readonly C[] = [what, who, device, state, asked, ends, actions];

/** What whoever ended it said; of a denial, its reason. */
function reasonOf({ endedReason, decisions }: ExceptionView): string {
  return endedReason ?? decisions.findLast(({ reason: said }) => said !== null)?.reason ?? '';
}

function What({ exception }: { exception: ExceptionView }) {
  const { template, durationSeconds } = exception;
  const name = template === null ? '' : ` · ${template.name}`;
  return (
    <Stack gap={2}>
      <ExceptionLink exception={exception}>{scopeTitle(exception)}</ExceptionLink>
      <Text size="xs" c="dimmed">
        {`${t.request.brief(sayLength(durationSeconds))}${name}`}
      </Text>
    </Stack>
  );
}
