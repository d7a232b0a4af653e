import assert from 'node:assert/strict';
import type { ApiAnswer } from '../support/api.ts';
import type { HttpDevice } from '../support/http-device.ts';
import { app, Demand, vault } from './scene.ts';

export interface Opening {
  demand: Demand;
  /** Asks for the app, as an operator for an hour unless told otherwise. */
  ask: (change?: Record<string, unknown>, device?: HttpDevice) => Promise<ApiAnswer>;
  /** Asks, and Bob approves, who has just signed in. */
  granted: (change?: Record<string, unknown>) => Promise<string>;
}

/** Erin may ask for access to the app and the vault, as it is shipped; Max manages her. */
export async function opening(
  t: Parameters<typeof Demand.open>[0],
  env: Record<string, string> = {},
): Promise<Opening> {
  const demand = await Demand.open(t, env);
  await demand.laptop.attest();
  const access = { roles: ['operator', 'reader'], templates: ['temporary-access'] };
  for (const name of [app, vault]) {
    const offered = await demand.people.ada.call('PUT', '/v1/admin/resources', { name, tier: 'medium', access });
    assert.equal(offered.status, 200, JSON.stringify(offered.body));
  }
  const [erin, max] = await Promise.all([demand.idOf('erin@example.org'), demand.idOf('max@example.org')]);
  await demand.people.ada.call('PATCH', `/v1/admin/users/${erin}`, { manager: max });
  const ask: Opening['ask'] = (change = {}, device = demand.laptop) =>
    device.call('POST', '/v1/access', {
      resource: app,
      role: 'operator',
      duration: '1h',
      reasonCode: 'support',
      justification: 'A wage was paid twice',
      ...change,
    });
  const granted = async (change: Record<string, unknown> = {}) => {
    const { status, body } = await ask(change);
    assert.equal(status, 201, JSON.stringify(body));
    const bob = await demand.backend.person('bob@example.org', ['approver']);
    const approved = await bob.post(`/v1/admin/exceptions/${String(body['id'])}/approve`, {
      requestHash: body['requestHash'],
    });
    assert.equal(approved.status, 200, JSON.stringify(approved.body));
    return String(body['id']);
  };
  return { demand, ask, granted };
}
