import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { accessTokenClaimsSchema, ownerOf } from '@postern/shared/protocol/token';
import { minute } from '@postern/shared/time';
import type { DeviceFacts } from '../devices/index.ts';
import { signJws } from '../jws/index.ts';
import { systemRandom } from '../random.ts';
import { accessTokenType, newAccessToken } from './access-token.ts';
import type { Granted } from './decide.ts';
import type { Subject } from './subject.ts';
import { start } from './testing/token-service.ts';

const id = (prefix: string, digit: string) => `${prefix}_${digit.repeat(32)}`;
const thumbprint = 'k'.repeat(43);
const kid = 'k'.repeat(16);

const person = {
  kind: 'person',
  id: id('usr', 'a'),
  authenticatedAt: start,
  until: start + minute,
  shown: 'id-token',
} as const;
const operator = { id: id('exc', 'e'), role: 'operator', begin: null, leftMs: 5 * minute };
const granted = {
  granted: true,
  lifeMs: 5 * minute,
  verdict: { status: 'compliant' },
  evidence: { seq: 999_999, receivedAt: start },
  exceptions: [],
  grant: null,
} as unknown as Granted;

function tokenOf(subject: Subject, change: Partial<Granted>): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const facts = { id: id('dev', 'd'), jkt: thumbprint, owner: { id: id('usr', 'a') } } as DeviceFacts;
  // 43 characters together. What is longer makes the token longer by 4/3 of that.
  const about = { resource: 'https://deploy.example', issuer: 'https://trust.example', now: start };
  const { claims } = newAccessToken({ facts, subject, decision: { ...granted, ...change }, ...about }, systemRandom);
  assert.deepEqual(accessTokenClaimsSchema.parse(claims), claims);
  assert.equal(ownerOf(claims), facts.owner.id);
  return signJws({ typ: accessTokenType, kid }, claims, privateKey);
}

const exceptions = (count: number) =>
  Array.from({ length: count }, (_, index) => `exc_${index.toString(16).padStart(32, '0')}`);

describe('a token is at most 1 kB', () => {
  const subjects: [string, Subject][] = [
    ['a device', { kind: 'device' }],
    ['a person', person],
  ];
  const grants: [string, Partial<Granted>][] = [
    ['without a grant', { grant: null }],
    ['under a grant', { grant: operator }],
  ];
  for (const [who, subject] of subjects) {
    for (const [how, grant] of grants) {
      for (const count of [0, 1]) {
        it(`for ${who} ${how} that leans on ${count} exceptions`, () => {
          const { length } = tokenOf(subject, { ...grant, exceptions: exceptions(count) });
          assert.ok(length <= 1024, `${length} characters`);
        });
      }
    }
  }

  it('with one exception; each further one adds 52 characters, and 50 of them stay below the 4 kB that gateways take', () => {
    const lengthWith = (count: number) => tokenOf(person, { grant: operator, exceptions: exceptions(count) }).length;
    for (const count of [1, 2, 3, 4]) {
      const added = lengthWith(count + 1) - lengthWith(count);
      assert.ok(added === 52 || added === 51, `${added} characters`);
    }
    assert.ok(lengthWith(50) <= 4096);
  });
});
