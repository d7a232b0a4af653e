import { readerRoles, type Role } from '@postern/shared/protocol/admin';
import type { LiveTopic } from '@postern/shared/protocol/live';

/**
 * What an entry of the audit changes, by the first word of its type, or by the whole type where that says something else.
 * Each word of the list is here, also those that change nothing that anybody looks at.
 */
const byType: Readonly<Record<string, readonly LiveTopic[]>> = {
  server: [],
  user: ['people'],
  'sign-in-link': [],
  person: ['people'],
  'api-token': ['people'],
  gateway: ['gateways', 'policies'],
  'gateway.refused': [],
  resource: ['policies', 'gateways'],
  'enrollment-token': ['enrollment'],
  'device-code': ['enrollment'],
  'sign-in-token': [],
  device: ['devices'],
  'device.enrolled': ['devices', 'enrollment'],
  attestation: ['devices'],
  verdict: ['devices'],
  policy: ['policies'],
  'policy.published': ['policies', 'devices'],
  'policy.retired': ['policies', 'devices'],
  feed: ['policies'],
  'feed.imported': ['policies', 'devices', 'settings'],
  brake: ['policies', 'devices'],
  exception: ['exceptions'],
  emergency: ['exceptions', 'reviews'],
  review: ['reviews'],
  abuse: ['analytics'],
  incident: ['settings', 'exceptions'],
  template: ['policies'],
  passkey: ['people'],
  password: ['people'],
  identity: ['people'],
  'authenticator-app': ['people'],
  'step-up': [],
  webhook: ['webhooks'],
  stream: ['gateways'],
  delivery: ['webhooks'],
  audit: [],
  'audit.text-erased': ['exceptions', 'reviews'],
  token: [],
  proof: [],
  'signing-key': ['settings'],
  backup: [],
};

/** @returns undefined for a type that nobody has thought of */
export function topicsOf(type: string): readonly LiveTopic[] | undefined {
  return byType[type] ?? byType[type.slice(0, type.indexOf('.'))];
}

const keepers = ['admin', 'auditor'] as const;

/** Who reads a topic whomever it is about, as the endpoints behind it have it. Everybody else hears of what is theirs. */
const readers: Readonly<Record<LiveTopic, readonly Role[]>> = {
  devices: readerRoles,
  exceptions: readerRoles,
  reviews: readerRoles,
  policies: readerRoles,
  people: readerRoles,
  me: [],
  enrollment: ['admin'],
  gateways: keepers,
  webhooks: keepers,
  notices: [],
  audit: keepers,
  analytics: readerRoles,
  settings: readerRoles,
};

export function readsTopic(topic: LiveTopic, roles: readonly Role[]): boolean {
  return readers[topic].some((role) => roles.includes(role));
}
