import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Instant, second } from '@postern/shared/time';
import type { RateClass } from './http/route.ts';
import type { Store } from './storage/store.ts';
import type { KeyUse } from './tokens/signing-keys.ts';

export interface Metrics {
  /** `route` is the template, so that the number of series is bounded. */
  answered(call: { route: string; method: string; status: number; seconds: number }): void;
  rateLimited(rate: RateClass): void;
  /** `outcome` is `passed` or the code of the refusal: a closed list, so that the number of series is bounded. */
  verified(family: string, outcome: string): void;
  /** How many checks the regression brake holds now. */
  brakesHolding(count: number): void;
  /** How many reviews nobody decided in time. */
  reviewsOverdue(count: number): void;
  /** Whether the audit contradicts what was signed of it, so that nothing more is signed. */
  auditSigningStopped(isStopped: boolean): void;
  /** Since when the key in force signs; undefined while there is none of this use. */
  signingKey(use: KeyUse, signsFrom: Instant | undefined): void;
  /** A background job that ended with an error. */
  jobFailed(name: string): void;
  /** What was handed over to receivers of signals, and what came of it. */
  signalsHandedOver(method: 'push' | 'poll', outcome: 'taken' | 'refused' | 'failed', count: number): void;
  /** How many listen to what changes. */
  liveStreams(count: number): void;
  /** What waits, of all streams that there are. */
  signalsWaiting(streams: readonly { stream: string; waiting: number; lagSeconds: number }[]): void;
  readonly contentType: string;
  text(): Promise<string>;
  /** The same store, its commits counted and timed, its round trips shown. */
  measure(store: Store): Store;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Metrics in a registry of their own, so that two servers in one process do not mix. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'postern_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['route', 'method', 'status'],
    buckets: secondsBuckets,
    registers,
  });
  const limited = new Counter({
    name: 'postern_http_rate_limited_total',
    help: 'Requests that were answered 429, by class of limit.',
    labelNames: ['class'],
    registers,
  });
  const verifications = new Counter({
    name: 'postern_verify_total',
    help: 'Requests that gateways asked about, by their family and what became of them.',
    labelNames: ['family', 'outcome'],
    registers,
  });
  const brakes = new Gauge({
    name: 'postern_brakes_holding',
    help: 'Checks that stopped passing on many devices of one build at once, and whose last verdict is held.',
    registers,
  });
  const overdue = new Gauge({
    name: 'postern_reviews_overdue',
    help: 'Reviews of emergencies, standing exceptions and rules that nobody decided in time.',
    registers,
  });
  const unsigned = new Gauge({
    name: 'postern_audit_signing_stopped',
    help: '1 while no checkpoints of the audit are signed, because it contradicts what was signed of it before.',
    registers,
  });
  const handedOver = new Counter({
    name: 'postern_signals_handed_over_total',
    help: 'Signals that receivers took or refused, and pushes that failed.',
    labelNames: ['method', 'outcome'],
    registers,
  });
  const waiting = new Gauge({
    name: 'postern_signals_waiting',
    help: 'Signals that wait for the receiver of a stream.',
    labelNames: ['stream'],
    registers,
  });
  const lag = new Gauge({
    name: 'postern_signals_lag_seconds',
    help: 'How long the oldest signal of a stream has waited.',
    labelNames: ['stream'],
    registers,
  });
  const live = new Gauge({
    name: 'postern_live_streams',
    help: 'Consoles and programs that listen to what changes.',
    registers,
  });
  const keys = new Gauge({
    name: 'postern_signing_key_since_seconds',
    help: 'Unix time since which the key in force signs, by use.',
    labelNames: ['use'],
    registers,
  });
  const failedJobs = new Counter({
    name: 'postern_job_failures_total',
    help: 'Runs of background jobs that ended with an error, by name.',
    // Not `job`: that is how Prometheus calls what it scrapes.
    labelNames: ['name'],
    registers,
  });
  const commits = new Histogram({
    name: 'postern_store_commit_duration_seconds',
    help: 'Time until a unit of changes was durable, or refused.',
    labelNames: ['outcome'],
    buckets: secondsBuckets,
    registers,
  });
  let measured: Pick<Store, 'roundTrips'> | undefined;
  const roundTrips = new Counter({
    name: 'postern_store_round_trips_total',
    help: 'Round trips to the database.',
    labelNames: ['kind'],
    // The store counts; this only asks it when somebody reads the metrics.
    registers,
    collect: () => {
      const { reads, writes } = measured?.roundTrips() ?? { reads: 0, writes: 0 };
      roundTrips.reset();
      roundTrips.inc({ kind: 'read' }, reads);
      roundTrips.inc({ kind: 'write' }, writes);
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    answered: ({ route, method, status, seconds }) => durations.observe({ route, method, status }, seconds),
    rateLimited: (rate) => limited.inc({ class: rate }),
    verified: (family, outcome) => verifications.inc({ family, outcome }),
    brakesHolding: (count) => brakes.set(count),
    reviewsOverdue: (count) => overdue.set(count),
    auditSigningStopped: (isStopped) => unsigned.set(isStopped ? 1 : 0),
    signingKey: (use, signsFrom) =>
      signsFrom === undefined ? keys.remove({ use }) : keys.set({ use }, signsFrom / second),
    liveStreams: (count) => live.set(count),
    jobFailed: (name) => failedJobs.inc({ name }),
    signalsHandedOver: (method, outcome, count) => handedOver.inc({ method, outcome }, count),
    signalsWaiting: (streams) => {
      // Streams that are gone are not shown for ever.
      waiting.reset();
      lag.reset();
      for (const { stream, waiting: count, lagSeconds } of streams) {
        waiting.set({ stream }, count);
        lag.set({ stream }, lagSeconds);
      }
    },
    measure: (store) => {
      measured = store;
      return {
        kind: store.kind,
        read: store.read,
        keeping: store.keeping,
        roundTrips: () => store.roundTrips(),
        check: () => store.check(),
        close: () => store.close(),
        commit: async (unit) => {
          const done = commits.startTimer();
          try {
            await store.commit(unit);
            done({ outcome: 'written' });
          } catch (error) {
            done({ outcome: 'refused' });
            throw error;
          }
        },
      };
    },
  };
}
