import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { generateSync } from 'otplib';
import type { Role } from '@postern/shared/protocol/admin';
import { Fault } from '@postern/shared/protocol/errors';
import type { NewAuthenticatorApp, PasskeyOptions } from '@postern/shared/protocol/me';
import type { StepUpAnswer, StepUpLevel } from '@postern/shared/protocol/step-up';
import type { StepUp } from '@postern/shared/protocol/step-up-subject';
import { type Instant, second } from '@postern/shared/time';
import { systemActor } from '../../audit/event.ts';
import type { Config } from '../../config.ts';
import type { PersonCaller } from '../../http/caller.ts';
import type { AnyRoute } from '../../http/route.ts';
import { callRoute } from '../../http/testing/call-route.ts';
import { createUser } from '../../identity/index.ts';
import { systemRandom } from '../../random.ts';
import { ConflictError, type Store } from '../../storage/store.ts';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { manageSubject, proveStepUp, type StepUpProof, stepUpRoutes, type Subject } from '../index.ts';
import { SoftwareAuthenticator } from './authenticator.ts';

export const opened: Instant = Date.parse('2026-11-23T09:00:00Z');
export const issuer = 'https://postern.test';

/** Something to prove oneself for: an action that needs no other record. */
export const about = (target: string) => ({ action: 'retire-policy', target }) as const;
export const subjectAbout = (target: string): Subject => ({ purpose: 'manage', hash: manageSubject(about(target)) });

export type StepUpDesk = Awaited<ReturnType<typeof openStepUpDesk>>;

/** The routes over a store, with a clock that tests move, people, and what they show who they are with. */
export async function openStepUpDesk(t: Pick<TestContext, 'after'>, given?: Store) {
  const store = given ?? (await openTestStore(t));
  const clock = { at: opened };
  const config = { issuer, masterSecret: Buffer.alloc(32, 7).toString('base64url') } as Config;
  const deps = { store, config, random: systemRandom };
  const routes = stepUpRoutes(deps);

  /** Somebody who has just signed in. */
  async function add(name: string, roles: readonly Role[] = ['employee']): Promise<PersonCaller> {
    const wish = { name, email: `${name.toLowerCase()}@example.org`, roles };
    const { id } = await createUser(deps, wish, systemActor, clock.at);
    return { kind: 'person', id, name, roles, via: 'session', authenticatedAt: clock.at };
  }

  async function call<Body = Record<string, unknown>>(
    method: AnyRoute['method'],
    path: string,
    as: PersonCaller,
    body?: unknown,
  ) {
    return await callRoute<Body>(routes, { method, path, now: clock.at, issuer }, { as, body });
  }

  async function begin(as: PersonCaller, stepUp?: StepUpAnswer): Promise<PasskeyOptions> {
    const { body, code } = await call<PasskeyOptions>('POST', '/v1/me/passkeys/options', as, { stepUp });
    assert.equal(code, undefined);
    return body;
  }

  const finish = (as: PersonCaller, stepUp: string, attestation: unknown, label = 'Key') =>
    call<{ id: string }>('POST', '/v1/me/passkeys', as, { stepUp, label, attestation });

  async function withPasskey(as: PersonCaller, counter = 0): Promise<SoftwareAuthenticator> {
    const device = new SoftwareAuthenticator({ origin: issuer });
    device.counter = counter;
    const { id, options } = await begin(as);
    assert.equal((await finish(as, id, device.register({ challenge: options.challenge }))).code, undefined);
    return device;
  }

  const codeOf = (secret: string, at = clock.at) => generateSync({ secret, epoch: Math.floor(at / second) });

  /** A confirmed authenticator app; the clock goes on, so that its next code is a new one. */
  async function withApp(as: PersonCaller): Promise<string> {
    const { body, code } = await call<NewAuthenticatorApp>('POST', '/v1/me/authenticator-app', as, {});
    assert.equal(code, undefined);
    const confirmed = await call('POST', '/v1/me/authenticator-app/confirm', as, { code: codeOf(body.secret) });
    assert.equal(confirmed.code, undefined);
    clock.at += 30 * second;
    return body.secret;
  }

  async function challenge(as: PersonCaller, target: string): Promise<StepUp> {
    const { body, code } = await call<StepUp>('POST', '/v1/me/step-ups', as, {
      purpose: 'manage',
      about: about(target),
    });
    assert.equal(code, undefined);
    return body;
  }

  async function prove(
    who: { id: string; authenticatedAt: Instant | null },
    level: StepUpLevel,
    target: string | Subject,
    answer?: StepUpAnswer,
  ): Promise<StepUpProof> {
    const subject = typeof target === 'string' ? subjectAbout(target) : target;
    return await proveStepUp(deps, { who, level, subject, answer }, clock.at);
  }

  /** Proves and spends; the code of a refusal, `conflict` where the proof was used meanwhile. */
  async function outcome(...asked: Parameters<typeof prove>): Promise<string> {
    try {
      await store.commit((await prove(...asked)).unit);
      return 'passed';
    } catch (error) {
      if (error instanceof Fault) return error.code;
      if (error instanceof ConflictError) return 'conflict';
      throw error;
    }
  }

  async function audited(type: string) {
    const rows = await store.read.selectFrom('audit').select('entry').where('type', '=', type).orderBy('seq').execute();
    return rows.map(
      ({ entry }) => JSON.parse(entry) as { actor: { id: string | null }; data: Record<string, unknown> },
    );
  }

  return {
    store,
    deps,
    clock,
    add,
    call,
    begin,
    finish,
    withPasskey,
    withApp,
    codeOf,
    challenge,
    prove,
    outcome,
    audited,
    pass: (milliseconds: number) => (clock.at += milliseconds),
  };
}
