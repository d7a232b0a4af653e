import type { Page } from './browser-types.ts';

/** Who looks. */
export type Viewer = 'admin' | 'approver' | 'auditor' | 'employee' | 'nobody';

/** Reads something of the API as whoever looks. */
export type Read = (path: string) => Promise<Record<string, unknown>>;

export interface Shot {
  /** Of the file. */
  name: string;
  as: Viewer;
  /** Below /console; undefined where the demo has nothing to show. */
  path: string | ((read: Read) => Promise<string | undefined>);
  dark?: true;
  /** As on a phone. */
  narrow?: true;
  /** What is opened or chosen first. It may not be there: then the picture is of what is. */
  prepare?: (page: Page) => Promise<void>;
}

/** The first of a list, as far as it has one. */
function first(
  list: string,
  path: (item: Record<string, unknown>) => string,
  isIt: (item: Record<string, unknown>) => boolean = () => true,
) {
  return async (read: Read): Promise<string | undefined> => {
    const items = ((await read(list))['items'] ?? []) as Record<string, unknown>[];
    const item = items.find(isIt) ?? items[0];
    return item === undefined ? undefined : path(item);
  };
}

const request = first(
  '/v1/admin/exceptions?state=pending',
  ({ id }) => `/exceptions/${String(id)}`,
  ({ kind }) => kind === 'device',
);
const quarantined = first(
  '/v1/admin/devices?limit=500',
  ({ id }) => `/devices/${String(id)}`,
  ({ quarantine }) => quarantine !== null,
);
const draft = first(
  '/v1/admin/policy-drafts',
  ({ id }) => `/policy-drafts/${String(id)}`,
  ({ state }) => state === 'submitted',
);

/** Every screen, and how to get there whatever the data are. */
export const shots: readonly Shot[] = [
  { name: 'sign-in', as: 'nobody', path: '/sign-in' },
  { name: 'deny', as: 'nobody', path: '/deny#example' },
  { name: 'overview', as: 'admin', path: '/overview' },
  { name: 'overview-dark', as: 'admin', path: '/overview', dark: true },
  { name: 'overview-phone', as: 'admin', path: '/overview', narrow: true },
  { name: 'inbox', as: 'approver', path: '/inbox' },
  { name: 'inbox-dark', as: 'approver', path: '/inbox', dark: true },
  { name: 'inbox-phone', as: 'approver', path: '/inbox', narrow: true },
  { name: 'request', as: 'approver', path: request },
  { name: 'request-dark', as: 'approver', path: request, dark: true },
  { name: 'request-phone', as: 'approver', path: request, narrow: true },
  { name: 'exceptions', as: 'approver', path: '/exceptions' },
  { name: 'access', as: 'approver', path: '/access' },
  { name: 'reviews', as: 'approver', path: '/reviews' },
  { name: 'devices', as: 'admin', path: '/devices' },
  { name: 'devices-phone', as: 'admin', path: '/devices', narrow: true },
  { name: 'device', as: 'admin', path: first('/v1/admin/devices?status=grace', ({ id }) => `/devices/${String(id)}`) },
  { name: 'device-quarantine', as: 'admin', path: quarantined },
  { name: 'enrollment', as: 'admin', path: '/enrollment' },
  { name: 'policies', as: 'admin', path: '/policies' },
  { name: 'policy', as: 'admin', path: '/policies/baseline' },
  { name: 'policy-draft', as: 'admin', path: draft },
  { name: 'policy-draft-dark', as: 'admin', path: draft, dark: true },
  {
    name: 'policy-replay',
    as: 'admin',
    path: first('/v1/admin/policy-replays', ({ id }) => `/policy-replays/${String(id)}`),
  },
  { name: 'brakes', as: 'admin', path: '/brakes' },
  { name: 'brake', as: 'admin', path: first('/v1/admin/brakes', ({ id }) => `/brakes/${String(id)}`) },
  { name: 'templates', as: 'admin', path: '/templates' },
  { name: 'template', as: 'admin', path: '/templates/temporary-access' },
  {
    name: 'template-proposal',
    as: 'admin',
    path: first('/v1/admin/templates/proposals', ({ id }) => `/template-proposals/${String(id)}`),
  },
  { name: 'people', as: 'admin', path: '/people' },
  {
    name: 'person',
    as: 'admin',
    path: first('/v1/admin/users?role=approver', ({ id }) => `/people/${String(id)}`),
  },
  { name: 'gateways', as: 'admin', path: '/gateways' },
  { name: 'webhooks', as: 'admin', path: '/webhooks' },
  { name: 'analytics', as: 'admin', path: '/analytics' },
  { name: 'analytics-dark', as: 'admin', path: '/analytics', dark: true },
  { name: 'audit', as: 'auditor', path: '/audit?group=exceptions' },
  {
    name: 'audit-entry',
    as: 'auditor',
    path: first('/v1/admin/audit?type=exception.approved&limit=1', ({ seq }) => `/audit/${String(seq)}`),
  },
  { name: 'settings', as: 'admin', path: '/settings' },
  { name: 'my-devices', as: 'employee', path: '/me' },
  { name: 'my-devices-phone', as: 'employee', path: '/me', narrow: true },
  {
    name: 'what-was-sent',
    as: 'employee',
    path: '/me',
    prepare: async (page) => {
      const control = page.getByRole('button', { name: 'What this device sent' }).first();
      await control.click();
      await control.evaluate((element) => element.scrollIntoView({ block: 'start' }));
    },
  },
  { name: 'ask', as: 'employee', path: '/me/ask' },
  { name: 'ask-access', as: 'employee', path: '/me/ask?kind=access' },
  { name: 'my-requests', as: 'employee', path: '/me/requests' },
  { name: 'my-requests-dark', as: 'employee', path: '/me/requests', dark: true },
  { name: 'notices', as: 'employee', path: '/me/notices' },
  { name: 'account', as: 'admin', path: '/me/account' },
  { name: 'device-code', as: 'employee', path: '/device' },
  {
    name: 'palette',
    as: 'admin',
    path: '/overview',
    prepare: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('textbox').fill('quist');
    },
  },
];
