import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { second } from '../time.ts';
import { codeOf, Door } from './testing/door.ts';
import { start } from './testing/fake-issuer.ts';

const seconds = start / second;

describe('demands beyond a good token', () => {
  it('for a better posture are a challenge (RFC 9470)', async (t) => {
    const door = await Door.open(t, { acrValues: ['urn:postern:posture:compliant'], maxAge: 60 });
    assert.equal(codeOf(await door.ask()), 'in');
    const excepted = await door.ask({ forgery: { claims: { acr: 'urn:postern:posture:excepted' } } });
    assert.ok(!excepted.ok && excepted.status === 401);
    assert.match(
      excepted.headers['WWW-Authenticate'] ?? '',
      /error="insufficient_user_authentication".*acr_values="urn:postern:posture:compliant", max_age="60"/,
    );
    const posture = { status: 'compliant', att: 1, at: seconds - 61 };
    assert.equal(codeOf(await door.ask({ forgery: { claims: { posture } } })), 'step_up_required');
  });

  it('for a role are a 403, and any of several will do', async (t) => {
    const door = await Door.open(t, { roles: ['admin', 'operator'] });
    assert.equal(codeOf(await door.ask({ forgery: { claims: { roles: ['operator'] } } })), 'in');
    for (const roles of [undefined, [], ['Admin'], ['reader']]) {
      const outcome = await door.ask({ forgery: { claims: { roles } } });
      assert.ok(!outcome.ok && outcome.status === 403);
      assert.match(outcome.headers['WWW-Authenticate'] ?? '', /error="insufficient_scope"/);
    }
  });

  it('of a route are held against what was let in, without a second proof', async (t) => {
    const door = await Door.open(t);
    const outcome = await door.ask({ forgery: { claims: { roles: ['reader'] } } });
    assert.ok(outcome.ok);
    assert.equal(codeOf(door.gateway.require(outcome, { roles: ['reader'] })), 'in');
    assert.equal(codeOf(door.gateway.require(outcome, { roles: ['admin'] })), 'role_missing');
  });

  it('that make no sense let nobody in', async (t) => {
    const door = await Door.open(t);
    const token = await door.token();
    const headers = { authorization: `DPoP ${token}`, dpop: await door.proof(token) };
    const request = { method: 'GET', url: '/things', headers };
    assert.equal(codeOf(await door.gateway.verify(request, { acrValues: ['a"b'] })), 'unavailable');
    assert.equal(codeOf(await door.gateway.verify(request, { roles: [] })), 'unavailable');
  });
});

it('maxAge is held to the sign-in of a person, and not only to the state of their device', async (t) => {
  const door = await Door.open(t, { maxAge: 60 });
  const codeFor = async (auth_time?: number) => {
    const who = { sub: door.issuer.owner, owner: undefined, act: { sub: door.issuer.device }, auth_time };
    return codeOf(await door.ask({ forgery: { claims: who } }));
  };
  assert.equal(await codeFor(seconds - 60), 'in');
  assert.equal(await codeFor(seconds - 61), 'step_up_required');
  assert.equal(await codeFor(), 'step_up_required');
});
