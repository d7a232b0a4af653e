import { randomBytes } from 'node:crypto';
import type { Role } from '@postern/shared/protocol/admin';
import { day, hour, type Instant } from '@postern/shared/time';
import { type App, buildApp, prepare } from '../../server/src/app.ts';
import { systemActor } from '../../server/src/audit/event.ts';
import { readConfig } from '../../server/src/config-read.ts';
import { listen } from '../../server/src/http/listen.ts';
import { createApiToken } from '../../server/src/identity/index.ts';
import { openDeps, type OpenDeps } from '../../server/src/open-deps.ts';
import { systemRandom } from '../../server/src/random.ts';
import { Agenda, DemoClock } from './agenda.ts';
import { Chance } from './chance.ts';
import type { DemoOptions } from './options.ts';
import { Actor } from './actor.ts';

/** Floods are stopped by limits; here sixty days are told in a minute. */
const limits = Object.fromEntries(
  [
    'DISCOVERY',
    'CONSOLE',
    'CHALLENGE',
    'ENROLLMENT',
    'ATTESTATION',
    'TOKEN',
    'GATEWAY',
    'DEVICE',
    'SIGN_IN',
    'ADMIN',
    'ATTESTATIONS_PER_DEVICE',
  ].map((name) => [`POSTERN_LIMIT_${name}`, '100000000']),
);

/** How the demo runs, both while it is made and when it is served. */
export function demoEnvironment({ folder, port }: DemoOptions): Record<string, string> {
  return {
    POSTERN_DATA: folder,
    POSTERN_HOST: '127.0.0.1',
    POSTERN_PORT: String(port),
    POSTERN_ISSUER: `http://localhost:${port}`,
    POSTERN_LOG: process.env['POSTERN_LOG'] ?? 'error',
    POSTERN_WEBHOOK_HOSTS: '127.0.0.1',
  };
}

/** Version 7 UUIDs that sort by the time that the story has. */
function createIds(clock: DemoClock) {
  let last = { at: 0, count: 0 };
  return () => {
    const at = clock.now();
    last = at > last.at ? { at, count: 0 } : { at: last.at, count: last.count + 1 };
    const time = last.at.toString(16).padStart(12, '0');
    const count = last.count.toString(16).padStart(6, '0');
    const random = randomBytes(6).toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count.slice(0, 3)}-8${count.slice(3)}-${random}`;
  };
}

/** The product itself, at the time of the story: its own HTTP, its own database, its own jobs. */
export class Stage {
  readonly options: DemoOptions;
  readonly start: Instant;
  readonly end: Instant;
  readonly clock: DemoClock;
  readonly agenda = new Agenda();
  readonly chance: Chance;
  readonly issuer: string;
  readonly url: string;
  readonly deps: OpenDeps;
  readonly #app: App;
  readonly #close: () => Promise<void>;

  private constructor(
    options: DemoOptions,
    clock: DemoClock,
    parts: { deps: OpenDeps; app: App; url: string; end: Instant; close: () => Promise<void> },
  ) {
    this.options = options;
    this.clock = clock;
    this.start = clock.now();
    this.end = parts.end;
    this.chance = new Chance(options.seed);
    this.deps = parts.deps;
    this.issuer = parts.deps.config.issuer;
    this.url = parts.url;
    this.#app = parts.app;
    this.#close = parts.close;
  }

  static async open(options: DemoOptions, end: Instant): Promise<Stage> {
    // The first day begins at its first second: trends count by days.
    const clock = new DemoClock(Math.floor(end / day) * day - (options.days - 1) * day);
    const config = readConfig({ ...demoEnvironment(options), ...limits, POSTERN_TRUSTED_PROXIES: '127.0.0.1' });
    const random = { ...systemRandom, uuid: createIds(clock) };
    const listener = await listen({ host: '127.0.0.1', port: 0, tls: null });
    const deps = await openDeps(config, { clock, random });
    await prepare(deps);
    const app = buildApp(deps, () => false);
    listener.serve(app.handler);
    const close = async () => {
      await Promise.all([listener.close(hour), app.stop()]);
      await deps.store.close();
    };
    return new Stage(options, clock, { deps, app, end, close, url: `http://127.0.0.1:${listener.port}` });
  }

  /** The time so many days after the beginning, at an hour of that day. */
  on(dayNumber: number, hours: number): Instant {
    return this.start + Math.floor(dayNumber) * day + Math.round(hours * hour);
  }

  /** A share of the whole time: 0.5 is the middle. */
  dayAt(share: number): number {
    return Math.min(this.options.days - 1, Math.floor(share * this.options.days));
  }

  now(): Instant {
    return this.clock.now();
  }

  /** Speaks as somebody whom the backend knows. */
  async as(person: { id: string; name: string; roles: readonly Role[] }): Promise<Actor> {
    const label = `Tools of ${person.name}`;
    const { token } = await createApiToken(
      this.deps,
      { userId: person.id, label, lifeMs: 365 * day },
      systemActor,
      this.now(),
    );
    return new Actor(this, person, token);
  }

  /** Runs jobs as the server would; without names all of them. One that another time will do is no reason to stop. */
  async jobs(...names: string[]): Promise<void> {
    const wanted = names.length === 0 ? this.#app.jobs : this.#app.jobs.filter(({ name }) => names.includes(name));
    for (const job of wanted) await job.run();
  }

  close(): Promise<void> {
    return this.#close();
  }
}
