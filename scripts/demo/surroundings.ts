import { hour } from '@postern/shared/time';
import type { Company } from './company.ts';
import { payroll, production } from './access.ts';
import { exchange, Refused } from './actor.ts';
import type { Stage } from './stage.ts';

const gateways: readonly (readonly [string, readonly string[]])[] = [
  ['Office', ['https://wiki.harbour.example', 'https://mail.harbour.example']],
  ['Source code', ['https://git.harbour.example']],
  ['Payroll and customers', [payroll, 'https://customers.harbour.example']],
  ['Production', [production]],
];

const temporary = { templates: ['temporary-access', 'emergency-access'] };

const resources: readonly Record<string, unknown>[] = [
  { name: 'https://wiki.harbour.example', title: 'Wiki', tier: 'low' },
  { name: 'https://mail.harbour.example', title: 'Mail', tier: 'medium' },
  { name: 'https://git.harbour.example', title: 'Source code', tier: 'high' },
  { name: payroll, title: 'Payroll', tier: 'high', access: { roles: ['clerk', 'reader'], ...temporary } },
  {
    name: 'https://customers.harbour.example',
    title: 'Customers',
    tier: 'medium',
    access: { roles: ['support', 'export'], ...temporary },
  },
  { name: production, title: 'Production', tier: 'critical', access: { roles: ['operator'], ...temporary } },
];

interface Account {
  id: string;
  secret: string;
}

/** Where webhooks go while the story is told. */
export interface Receivers {
  good: string;
  bad: string;
}

/** Gateways, what they protect, streams of signals, webhooks, views: what stands around the devices. */
export async function makeSurroundings(stage: Stage, company: Company, receivers: Receivers): Promise<void> {
  const { ines, bruno } = company;
  const accounts: Account[] = [];
  for (const [name, names] of gateways) {
    const made = await ines.post('/v1/admin/gateways', { name, resources: names });
    accounts.push({ id: String(made['id']), secret: String(made['secret']) });
  }
  for (const resource of resources) await ines.call('PUT', '/v1/admin/resources', resource);
  const [office, code, , live] = accounts;
  if (office !== undefined && code !== undefined && live !== undefined) planStreams(stage, [office, code], live);
  const chat = { label: 'Chat of the security team', url: `${receivers.good}/chat`, format: 'slack' };
  const events = ['exception.requested', 'exception.approved', 'device.quarantined'];
  await ines.post('/v1/admin/webhooks', { ...chat, events });
  await ines.post('/v1/admin/webhooks', { label: 'Event archive', url: `${receivers.good}/archive` });
  stage.agenda.at(stage.end - 40 * hour, async () => {
    await bruno.post('/v1/admin/webhooks', { label: 'Ticket system', url: `${receivers.bad}/tickets` });
  });
  await saveViews(company);
}

async function saveViews({ ines, approvers }: Company): Promise<void> {
  const views = [
    { screen: '/devices', name: 'Blocked Macs', query: 'status=non-compliant&platform=macos' },
    { screen: '/devices', name: 'Not heard from', query: 'status=stale' },
    { screen: '/exceptions', name: 'In force', query: 'state=active' },
    { screen: '/audit', name: 'Who changed rules', query: 'type=policy.published' },
  ];
  for (const person of [ines, ...approvers.slice(0, 1)])
    for (const view of views) await person.post('/v1/me/views', view);
}

/** Three gateways take signals; one of them has stopped to ask for them. */
function planStreams(stage: Stage, asking: readonly Account[], silent: Account): void {
  const call = ({ id, secret }: Account, path: string, body: object) =>
    exchange(`${stage.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      },
      body: JSON.stringify(body),
    });
  const open = async (account: Account, description: string) => {
    const answer = await call(account, '/ssf/streams', { description });
    if (answer.status >= 300) throw new Refused('a stream', answer);
  };
  const take = async (account: Account) => {
    const waiting = await call(account, '/ssf/poll', { returnImmediately: true, maxEvents: 500 });
    const ack = Object.keys(waiting.body['sets'] ?? {});
    if (ack.length > 0) await call(account, '/ssf/poll', { returnImmediately: true, maxEvents: 0, ack });
  };
  stage.agenda.at(stage.on(0, 8.5), async () => {
    for (const account of asking) await open(account, 'Ends sessions of devices that are no longer trusted');
    await open(silent, 'Production');
  });
  for (let dayNumber = 1; dayNumber < stage.options.days; dayNumber += 1)
    stage.agenda.at(stage.on(dayNumber, 6), async () => {
      const late = dayNumber > stage.dayAt(0.93);
      for (const account of late ? asking : [...asking, silent]) await take(account);
    });
  stage.agenda.at(stage.end - hour / 2, async () => {
    for (const account of asking) await take(account);
  });
}
