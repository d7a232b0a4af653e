/** One way to ask for a list. */
export interface Question {
  path: string;
  /** In few words; the address without what was drawn. */
  name: string;
  query: Readonly<Record<string, string>>;
}

/** What is in the database, for filters that find something. */
export interface Known {
  device: string;
  /** In the middle of the list. */
  middle: string;
  owner: string;
  actor: string;
  subject: string;
  /** The sequence number in the middle of the audit. */
  seq: string;
  /** A week ago. */
  lately: string;
}

type Filters = readonly Readonly<Record<string, string>>[];

/** Filters of the long lists, those first that find little: there the whole list is looked through. */
function filtersOf(known: Known): Readonly<Record<string, Filters>> {
  const facets = [
    { status: 'non-compliant' },
    { status: 'never-attested' },
    { quarantine: 'yes' },
    { state: 'suspended' },
    { platform: 'macos', ownership: 'personal', status: 'grace' },
    { owner: known.owner },
  ];
  const ofExceptions = [
    { state: 'pending' },
    { state: 'active' },
    { state: 'superseded' },
    { standing: 'open' },
    { standing: 'over' },
    { device: known.device },
    { person: known.owner },
    { rule: 'baseline/firewall' },
    { rule: 'baseline/nothing' },
    { template: 'template-7' },
    { q: 'computer 777' },
    { q: 'person' },
    { q: 'nobody is called that' },
  ];
  return {
    '/v1/admin/devices': [
      ...facets,
      { keyProtection: 'hardware-attested' },
      { q: 'computer 777' },
      { q: 'person-99999@' },
      { q: 'nobody is called that' },
      { q: 'nobody is called that', status: 'compliant' },
      { q: known.device },
      { after: known.middle },
      { limit: '500' },
    ],
    '/v1/admin/devices/facets': facets,
    '/v1/admin/audit': [
      { type: 'device.retired' },
      { type: 'token.issued' },
      { actor: known.actor },
      { subject: known.subject },
      { outcome: 'failure' },
      { outcome: 'failure', type: 'token.issued' },
      { subject: known.subject, type: 'backup.restored' },
      { actor: known.actor, outcome: 'failure' },
      { from: '2026-10-22T00:00:00.000Z', to: '2026-10-22T01:00:00.000Z' },
      { from: '2026-10-22T00:00:00.000Z', to: '2026-10-23T00:00:00.000Z', type: 'device.retired' },
      { subject: 'nothing-of-that-name' },
      { after: known.seq },
      { limit: '500' },
    ],
    '/v1/admin/users': [{ q: 'person 777' }, { q: 'nobody is called that' }],
    '/v1/admin/search': [{ q: 'computer 777' }, { q: 'nobody is called that' }, { q: known.device }],
    '/v1/admin/exceptions': [...ofExceptions, { standing: 'open', sort: 'ending' }, { limit: '500' }],
    '/v1/admin/access': ofExceptions,
    '/v1/admin/access/log': [
      { person: known.owner },
      { resource: 'https://app-7.example' },
      { resource: 'https://nowhere.example' },
      { from: known.lately },
      { limit: '500' },
    ],
    '/v1/me/inbox': [
      { mine: 'true' },
      { kind: 'access' },
      { risk: 'high' },
      { rule: 'baseline/firewall' },
      { q: 'person-777' },
      { q: 'nobody is called that' },
    ],
    '/v1/admin/reviews': [{ state: 'open' }, { state: 'overdue' }, { state: 'decided' }],
    '/v1/admin/analytics': [{ days: '365' }],
  };
}

interface Described {
  paths: Readonly<
    Record<string, { get?: { parameters?: readonly { name: string; in: string; required?: boolean }[] } }>
  >;
}

/** Every list that the API describes, without and with filters, and a device and its history. Whatever is added is asked too. */
export function questionsOf(api: Described, known: Known): Question[] {
  const filters = filtersOf(known);
  const isList = ([path, { get }]: [string, Described['paths'][string]]) =>
    get !== undefined &&
    /^\/v1\/(admin|me)\//.test(path) &&
    !path.includes('{') &&
    !path.endsWith('/export') &&
    !get.parameters?.some((parameter) => parameter.required === true);
  const paths = Object.entries(api.paths)
    .filter(isList)
    .map(([path]) => path);
  return [
    ...paths.flatMap((path) => [{}, ...(filters[path] ?? [])].map((query) => question(path, query))),
    // What they are made of is the same for all: the one that reads most, and the longest one.
    ...['exception-rate', 'outstanding'].map((report) => question(`/v1/admin/analytics/${report}`, {})),
    ...Object.keys(filters)
      .filter((path) => !paths.includes(path) && path in api.paths)
      .flatMap((path) => (filters[path] ?? []).map((query) => question(path, query))),
    { ...question(`/v1/admin/devices/${known.device}`, {}), name: '/v1/admin/devices/{id}' },
    { ...question(`/v1/admin/devices/${known.device}/history`, {}), name: '/v1/admin/devices/{id}/history' },
  ];
}

function question(path: string, query: Readonly<Record<string, string>>): Question {
  const text = Object.entries(query)
    .map(([name, value]) => `${name}=${name !== 'limit' && /^(dev|usr)_|^\d+$/.test(value) ? '…' : value}`)
    .join('&');
  return { path, query, name: text === '' ? path : `${path}?${text}` };
}
