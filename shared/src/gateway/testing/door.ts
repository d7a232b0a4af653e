import type { Instant } from '../../time.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { GatewayOptions } from '../options.ts';
import type { Outcome, Problem } from '../types.ts';
import { FakeBackend } from './fake-backend.ts';
import { audience, FakeIssuer, type Forgery, issuer, start } from './fake-issuer.ts';

interface Ask {
  token?: string;
  proof?: string | readonly string[] | null;
  scheme?: string;
  method?: string;
  /** Where the request goes; the proof is for `https://app.example/things`, unless it says otherwise. */
  url?: string;
  forgery?: Forgery;
}

/** A gateway before a fake backend, with a clock that stands still until it is moved. */
export class Door {
  readonly issuer: FakeIssuer;
  readonly backend: FakeBackend;
  readonly gateway: Gateway;
  readonly problems: Problem[];
  readonly clock: { now(): Instant; set(now: Instant): void };

  private constructor(made: Pick<Door, 'issuer' | 'backend' | 'gateway' | 'problems' | 'clock'>) {
    this.issuer = made.issuer;
    this.backend = made.backend;
    this.gateway = made.gateway;
    this.problems = made.problems;
    this.clock = made.clock;
  }

  static async open(
    t: { after(clean: () => Promise<void>): void },
    options: Partial<GatewayOptions> = {},
    prepare: (backend: FakeBackend) => void = () => {},
  ): Promise<Door> {
    let now = start;
    const clock = { now: () => now, set: (instant: Instant) => void (now = instant) };
    const [fakeIssuer, backend, problems] = [await FakeIssuer.make(), new FakeBackend(), [] as Problem[]];
    backend.jwks = fakeIssuer.jwks;
    backend.signalJwks = fakeIssuer.signalJwks;
    prepare(backend);
    const gateway = createGateway({
      issuer,
      audience,
      mode: 'local',
      credentials: { id: 'gw_1', secret: 'a secret' },
      fetch: backend.fetch,
      clock,
      onProblem: (problem) => void problems.push(problem),
      ...options,
    });
    t.after(() => gateway.close());
    return new Door({ issuer: fakeIssuer, backend, gateway, problems, clock });
  }

  /** A good token, or what is left of it. */
  token(forgery: Forgery = {}): Promise<string> {
    return this.issuer.token(this.clock.now(), forgery);
  }

  proof(token: string, forgery: Forgery = {}, call: { method?: string; url?: string; nonce?: string } = {}) {
    return this.issuer.proof({ now: this.clock.now(), token, ...call }, forgery);
  }

  /** Knocks with a good token and a fresh proof for it, as far as nothing else is given. */
  async ask({
    token,
    proof,
    scheme = 'DPoP',
    method = 'GET',
    url = '/things?page=2',
    forgery,
  }: Ask = {}): Promise<Outcome> {
    const presented = token ?? (await this.token(forgery));
    const dpop = proof === undefined ? await this.proof(presented) : (proof ?? undefined);
    return this.gateway.verify({ method, url, headers: { authorization: `${scheme} ${presented}`, dpop } });
  }
}

/** The library's code for a denial; `in` for what was let in. */
export function codeOf(outcome: Outcome): string {
  return outcome.ok ? 'in' : String((JSON.parse(outcome.body) as Record<string, unknown>)['error_code']);
}
