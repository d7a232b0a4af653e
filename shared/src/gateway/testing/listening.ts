import type { TestContext } from 'node:test';
import { signalTypes } from '../../protocol/signal.ts';
import { second } from '../../time.ts';
import { codeOf, Door } from './door.ts';
import type { FakeBackend } from './fake-backend.ts';
import { type Forgery, start } from './fake-issuer.ts';

export type Event = Parameters<Door['issuer']['set']>[1];

/** A door that has heard signals for ten seconds, so that it needs nobody to judge new tokens. */
export async function listening(t: TestContext, signals: object = {}, prepare?: (backend: FakeBackend) => void) {
  const door = await Door.open(t, { signals: { pollIntervalMs: 1, ...signals } }, prepare);
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((done) => setTimeout(done, 1));
  };
  await until(() => door.gateway.signals()?.heardSince === start);
  door.clock.set(start + 10 * second);

  /** Sends a signal, and waits until the door has answered it. */
  async function send(event: Event, forgery: Forgery = {}): Promise<string> {
    const { jti, text } = await door.issuer.set(door.clock.now(), event, forgery);
    door.backend.waiting.set(jti, text);
    await until(() => !door.backend.waiting.has(jti));
    return jti;
  }
  const ask = async (token: string) => codeOf(await door.ask({ token }));
  return { door, send, ask, until };
}

export const revoked = (subject: Record<string, unknown>): Event => ({ type: signalTypes.sessionRevoked, subject });
