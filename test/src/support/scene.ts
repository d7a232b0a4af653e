import assert from 'node:assert/strict';
import type { GenerateKeyPairResult } from 'jose';
import type { Api, ApiAnswer } from './api.ts';
import { AuditTrail } from './audit-trail.ts';
import { type Backend, startBackend } from './backend.ts';
import { firewallPolicy, HttpDevice } from './http-device.ts';

/** What the gateway of a scene protects. */
export const resource = 'https://app.example';

/** A server that demands firewalls, and its audit log. */
export interface Scene {
  backend: Backend;
  admin: Api;
  audit: AuditTrail;
}

export async function openScene(
  t: Parameters<typeof startBackend>[0],
  env: Record<string, string> = {},
): Promise<Scene> {
  const backend = await startBackend(t, env);
  const admin = await backend.person('ada@example.org', ['admin']);
  await backend.publish(firewallPolicy, admin);
  await admin.post('/v1/admin/gateways', { name: 'App', resources: [resource] });
  return { backend, admin, audit: new AuditTrail(admin) };
}

/** A new device that was found in order. */
export async function attested(place: Backend, admin: Api, keys?: GenerateKeyPairResult): Promise<HttpDevice> {
  const device = await HttpDevice.enroll(place, admin, keys);
  assert.equal((await device.attest()).status, 200);
  return device;
}

/** Refused with its own code, and on the record under it. */
export async function assertRefused(
  { audit }: Pick<Scene, 'audit'>,
  expected: { code: string; type: string },
  attack: () => Promise<ApiAnswer>,
): Promise<void> {
  const head = await audit.head();
  const { status, body } = await attack();
  assert.equal(body['error_code'], expected.code, JSON.stringify(body));
  assert.ok(status >= 400 && status < 500, `status ${status}`);
  assert.match(String(body['error_description']), /\.$/);
  const entries = await audit.since(head);
  const entry = entries.find((each) => each.data['code'] === expected.code);
  assert.ok(entry, `no audit entry names ${expected.code}: ${JSON.stringify(entries)}`);
  assert.equal(entry.type, expected.type);
  assert.equal(entry.outcome, 'failure');
}

/** Scratch for what must end with a suite and not with a test. */
export function suiteScope() {
  const cleanings: (() => void | Promise<void>)[] = [];
  return {
    after: (clean: () => void | Promise<void>) => void cleanings.push(clean),
    clean: async () => {
      for (const clean of cleanings.toReversed()) await clean();
    },
  };
}
