import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { Column } from '../../parts/column.ts';
import { EndHere } from '../../parts/exception/end-here.tsx';
import { ExceptionLink } from '../../parts/exception/exception-link.tsx';
import { RiskSign } from '../../parts/exception/risk-sign.tsx';
import { TimeLeft } from '../../parts/exception/time-left.tsx';
import { ExceptionSign } from '../../parts/standing.tsx';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.access.columns;

type C = Column<ExceptionView>;

const who: C = {
  key: 'who',
  title: words.who,
  show: (each) => <ExceptionLink exception={each}>{each.person.name}</ExceptionLink>,
  text: ({ person }) => person.name,
};
const resource: C = {
  key: 'resource',
  title: words.resource,
  width: '24%',
  show: ({ resources }) => resources.join(', '),
  text: ({ resources }) => resources.join(' '),
};
const role: C = {
  key: 'role',
  title: words.role,
  width: '9%',
  show: (each) => each.role,
  text: (each) => each.role,
};
const device: C = {
  key: 'device',
  title: words.device,
  show: (each) => each.device.name,
  text: (each) => each.device.name,
};
const state: C = {
  key: 'state',
  title: words.state,
  show: (each) => <ExceptionSign state={each.state} live={each.live} />,
  text: (each) => each.state,
};
const start: C = {
  key: 'start',
  title: words.start,
  show: ({ beginsAt }) => (beginsAt === null ? t.access.waitsForUse : <When at={beginsAt} />),
  text: ({ beginsAt }) => beginsAt,
};
const stop: C = {
  key: 'stop',
  title: words.stop,
  show: ({ expiresAt }) => (expiresAt === null ? '–' : <TimeLeft until={expiresAt} />),
  text: ({ expiresAt }) => expiresAt,
};
const actions: C = {
  key: 'actions',
  title: words.actions,
  show: (each) => <EndHere exception={each} />,
  text: ({ justification }) => justification,
};

/** Access that somebody has. */
export const grantedColumns: readonly C[] = [who, resource, role, device, state, start, stop, actions];

/** Access that waits for a decision. */
export const waitingColumns: readonly C[] = [
  who,
  resource,
  role,
  device,
  {
    key: 'risk',
    title: t.deciding.filters.risk,
    show: ({ risk }) => <RiskSign score={risk.score} />,
    text: ({ risk }) => risk.score,
  },
  {
    key: 'asked',
    title: words.asked,
    show: ({ requestedAt }) => <When at={requestedAt} />,
    text: ({ requestedAt }) => requestedAt,
  },
  {
    key: 'left',
    title: words.left,
    show: ({ lapsesAt }) => <TimeLeft until={lapsesAt} />,
    text: ({ lapsesAt }) => lapsesAt,
  },
];
