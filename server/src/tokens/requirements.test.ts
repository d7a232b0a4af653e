import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accessTokenClaimsSchema, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { day, minute, second } from '@postern/shared/time';
import type { Granted } from './decide.ts';
import { meetsRequirements } from './requirements.ts';
import { approveException } from './testing/exception.ts';
import { start, startTokenService } from './testing/token-service.ts';

const [compliant, excepted, grace] = ['compliant', 'excepted', 'grace'].map(
  (name) => `urn:postern:posture:${name}`,
) as [string, string, string];

describe('a token request that names acr_values', () => {
  it('is granted when the posture is of one of them, which the token then says', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol();
    const { body } = await service.askToken(device, { form: { acr_values: `${excepted} ${compliant} urn:other` } });
    const { access_token: token } = tokenAnswerSchema.parse(body);
    const claims = accessTokenClaimsSchema.parse(await service.signingKeys.verify(token, 'at+jwt'));
    assert.equal(claims.acr, compliant);
  });

  it('is refused to a device in grace, with the rules that keep it from more; without, it gets its token', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ firewall: false, failingSince: start - minute });
    const ask = (acr_values: string) => service.askToken(device, { form: { acr_values } });
    const { status, code, body } = await ask(`${compliant} ${excepted}`);
    assert.deepEqual([status, code], [400, 'authentication_requirements_unmet']);
    const members = body as { failed_checks: { rule: string; deadline: string }[] };
    assert.deepEqual(
      { ...members, failed_checks: members.failed_checks.map(({ rule, deadline }) => [rule, deadline]) },
      {
        posture_status: 'grace',
        posture_at: (start - minute) / 1000,
        failed_checks: [['baseline/firewall', '2026-11-22T09:29:00.000Z']],
        remediation_uri: 'https://trust.example/console/',
      },
    );
    assert.deepEqual((await service.auditTypes()).slice(1), ['token.refused authentication_requirements_unmet']);
    assert.equal((await ask(grace)).status, 200);
    assert.equal((await service.askToken(device)).status, 200);
  });

  it('is refused to a device that leans on an exception, unless that will do', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ firewall: false, failingSince: start - 2 * day });
    await approveException(service, device, start + day);
    const ask = async (acr_values: string) => (await service.askToken(device, { form: { acr_values } })).code;
    assert.equal(await ask(compliant), 'authentication_requirements_unmet');
    assert.equal(await ask(excepted), undefined);
  });

  it('does not open what the posture closes', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ firewall: false, failingSince: start - 2 * day });
    const form = { acr_values: `${compliant} ${grace}` };
    assert.equal((await service.askToken(device, { form })).code, 'posture_refused');
  });
});

describe('a token request that names max_age', () => {
  it('is refused when the evidence is older: the device is to report anew', async (t) => {
    const service = await startTokenService(t);
    const device = await service.enrol({ receivedAt: start - 5 * minute });
    const ask = async (max_age: string) => (await service.askToken(device, { form: { max_age } })).code;
    assert.equal(await ask('300'), undefined);
    assert.equal(await ask('299'), 'authentication_requirements_unmet');
    assert.equal(await ask('0'), 'authentication_requirements_unmet');
  });

  it('is held to the sign-in too where a person is the subject', () => {
    const decision = { evidence: { seq: 1, receivedAt: start - second } } as Granted;
    const person = (authenticatedAt: number) =>
      ({ kind: 'person', id: 'usr', authenticatedAt, until: start + day, shown: 'sign-in' }) as const;
    assert.equal(meetsRequirements({ max_age: '60' }, decision, person(start - minute), start), true);
    assert.equal(meetsRequirements({ max_age: '60' }, decision, person(start - minute - 1), start), false);
    assert.equal(meetsRequirements({ max_age: '60' }, decision, { kind: 'device' }, start), true);
  });

  for (const max_age of ['-1', '1.5', '1e3', 'soon', ' 5', '0x10', '9'.repeat(10)]) {
    it(`that is "${max_age}" is malformed`, async (t) => {
      const service = await startTokenService(t);
      await assert.rejects(
        service.askToken(await service.enrol(), { form: { max_age } }),
        /must be a number of seconds/,
      );
    });
  }
});
