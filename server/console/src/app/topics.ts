import { own } from '@postern/shared/own';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import type { LiveTopic } from '@postern/shared/protocol/live';

/** What is read differently after something of a kind has changed: beginnings of paths. The topics are those of `GET /v1/events`. */
const paths: Readonly<Record<LiveTopic, readonly string[]>> = {
  devices: ['/v1/admin/devices', '/v1/me/devices', '/v1/admin/overview'],
  exceptions: [
    '/v1/admin/exceptions',
    '/v1/admin/access',
    '/v1/me/exceptions',
    '/v1/me/inbox',
    '/v1/me/access',
    '/v1/me/devices',
    '/v1/admin/devices',
    '/v1/admin/overview',
  ],
  reviews: ['/v1/admin/reviews', '/v1/me/reviews', '/v1/admin/overview'],
  policies: [
    '/v1/admin/policies',
    '/v1/admin/policy-drafts',
    '/v1/admin/policy-replays',
    '/v1/admin/templates',
    '/v1/admin/resources',
    '/v1/admin/brakes',
    '/v1/admin/overview',
  ],
  people: ['/v1/admin/users'],
  me: ['/v1/me'],
  enrollment: ['/v1/admin/enrollment-tokens', '/v1/admin/devices', '/v1/admin/overview'],
  gateways: ['/v1/admin/gateways', '/v1/admin/streams', '/v1/admin/resources', '/v1/admin/overview'],
  webhooks: ['/v1/admin/webhooks', '/v1/admin/deliveries', '/v1/admin/overview'],
  notices: ['/v1/me/notices'],
  audit: ['/v1/admin/audit'],
  analytics: ['/v1/admin/analytics', '/v1/admin/abuse-flags', '/v1/admin/overview'],
  settings: ['/v1/admin/settings', '/v1/admin/incident', '/v1/admin/overview'],
};

/** What a decision is made by shows a device as it stands. */
const evidence = /^\/v1\/admin\/exceptions\/[^/]+\/evidence$/;

const idForm = /^([a-z]+)_[0-9a-f]{32}$/;

/**
 * Whether what was read from a path is to be read again. Of another thing of the same kind than the one that has changed it
 * is not; a topic that this version does not know makes nothing stale.
 *
 * @param read what was read from there: evidence of a device goes stale with that device, and not with each of the fleet
 */
export function isStaleAfter(
  { topic, id }: { topic: string; id?: string | undefined },
  path: string,
  read?: unknown,
): boolean {
  if (topic === 'devices' && evidence.test(path)) return id === undefined || deviceOf(read) === id;
  const beginnings = own<readonly string[]>(paths, topic) ?? [];
  if (!beginnings.some((each) => path === each || path.startsWith(`${each}/`))) return false;
  const kind = idForm.exec(id ?? '')?.[1];
  return kind === undefined || path.split('/').every((part) => part === id || idForm.exec(part)?.[1] !== kind);
}

function deviceOf(read: unknown): string | undefined {
  return (read as ExceptionEvidence | undefined)?.device.id;
}
