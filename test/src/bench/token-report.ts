import { loadavg } from 'node:os';
import type { Alone } from './alone.ts';
import type { AttestationRound } from './attestation-rounds.ts';
import type { Cores } from './cores.ts';
import { medianOf, middle, round } from './figures.ts';
import type { Contestant, Measured, TokenRounds } from './token-rounds.ts';
import { type Method, signaturesOf } from './token-shots.ts';

interface Run {
  store: string;
  lanes: number;
  cores: Cores;
  played: ReadonlyMap<Method, TokenRounds>;
  attestations: readonly AttestationRound[];
  alone: Alone;
}

export type Summary = ReturnType<typeof summarise>;

/** All figures of a run: flat the ones that have a limit to keep, of the best method that was measured; the rest below. */
export function summarise({ store, lanes, cores, played, attestations, alone }: Run) {
  const methods = Object.fromEntries([...played].map(([method, rounds]) => [method, summariseMethod(rounds)]));
  const [method = 'private_key_jwt', best] = Object.entries(methods).at(-1) ?? [];
  if (best === undefined) throw new Error('nothing was measured');
  const verifyNginxP99Ms =
    alone.verify === undefined
      ? null
      : round(
          medianOf(alone.verify, ({ p99Ms }) => p99Ms),
          3,
        );
  const introspectP99Ms = round(
    medianOf(alone.introspect, ({ p99Ms }) => p99Ms),
    3,
  );
  const attestationCpuMicros = medianOf(attestations, ({ measured }) => measured.cpuMicros);
  return {
    store,
    connections: lanes,
    cores: cores.about,
    loadAverage: round(loadavg()[0] ?? Number.NaN, 2),
    method,
    tokensPerSecond: best.postern.perSecond,
    tokenP50Ms: best.postern.p50Ms,
    tokenP99Ms: best.postern.p99Ms,
    tokenCpuMicros: best.postern.cpuMicros,
    tokenLimitPerSecond: best.limitPerSecond,
    tokenCpuToLimit: best.cpuToLimit,
    ...(best.ratioDurable === undefined ? {} : { ratioDurable: best.ratioDurable.median }),
    ...(best.ratioMemory === undefined ? {} : { ratioMemory: best.ratioMemory.median }),
    attestationsPerSecond: Math.round(medianOf(attestations, ({ measured }) => measured.perSecond)),
    attestationP50Ms: round(
      medianOf(attestations, ({ measured }) => measured.p50Ms),
      2,
    ),
    attestationP99Ms: round(
      medianOf(attestations, ({ measured }) => measured.p99Ms),
      2,
    ),
    attestationCpuMicros: Math.round(attestationCpuMicros),
    attestationLimitPerSecond: Math.round(medianOf(attestations, ({ limit }) => limit.perSecond)),
    attestationCpuToLimit: round(attestationCpuMicros / medianOf(attestations, ({ limit }) => limit.cpuMicros), 2),
    // What a gateway waits for: the slower of its two ways to ask.
    verifyP99Ms: Math.max(verifyNginxP99Ms ?? 0, introspectP99Ms),
    verifyNginxP50Ms:
      alone.verify === undefined
        ? null
        : round(
            medianOf(alone.verify, ({ p50Ms }) => p50Ms),
            3,
          ),
    verifyNginxP99Ms,
    introspectP50Ms: round(
      medianOf(alone.introspect, ({ p50Ms }) => p50Ms),
      3,
    ),
    introspectP99Ms,
    methods,
  };
}

function summariseMethod({ method, rounds, tokenBytes }: TokenRounds) {
  const of = (name: Contestant) => rounds.flatMap(({ measured }) => measured[name] ?? []);
  const figuresOf = (name: Contestant) => {
    const all = of(name);
    return {
      perSecond: Math.round(medianOf(all, ({ perSecond }) => perSecond)),
      p50Ms: round(
        medianOf(all, ({ p50Ms }) => p50Ms),
        2,
      ),
      p99Ms: round(
        medianOf(all, ({ p99Ms }) => p99Ms),
        2,
      ),
      cpuMicros: Math.round(medianOf(all, ({ cpuMicros }) => cpuMicros)),
      tokenBytes: tokenBytes[name] ?? Number.NaN,
    };
  };
  // Round by round: what slowed the whole machine for a while slowed both.
  const ratioTo = (name: Contestant, of: (ours: Measured, theirs: Measured) => number) => {
    const pairs = rounds.flatMap(({ measured: { postern, [name]: rival } }) =>
      postern === undefined || rival === undefined ? [] : [of(postern, rival)],
    );
    return pairs.length === 0 ? undefined : middle(pairs);
  };
  const faster = (ours: Measured, theirs: Measured) => ours.perSecond / theirs.perSecond;
  const cheaper = (ours: Measured, theirs: Measured) => theirs.cpuMicros / ours.cpuMicros;
  const postern = figuresOf('postern');
  return {
    signatures: signaturesOf[method],
    limitPerSecond: Math.round(medianOf(rounds, ({ limit }) => limit.perSecond)),
    limitCpuMicros: round(
      medianOf(rounds, ({ limit }) => limit.cpuMicros),
      1,
    ),
    // CPU to CPU: neither grows when somebody else uses the core.
    cpuToLimit: round(
      middle(rounds.map(({ limit, measured }) => (measured.postern?.cpuMicros ?? Number.NaN) / limit.cpuMicros)).median,
      2,
    ),
    generatorBusy: round(
      Math.max(...rounds.flatMap(({ measured }) => Object.values(measured).map(({ generatorBusy }) => generatorBusy))),
      2,
    ),
    postern,
    ...(of('durable').length === 0 ? {} : { durable: figuresOf('durable') }),
    ...(of('memory').length === 0 ? {} : { memory: figuresOf('memory') }),
    ratioDurable: ratioTo('durable', faster),
    ratioMemory: ratioTo('memory', faster),
    // Does not see waiting for the disk; but holds on a machine where others work too.
    cpuRatioDurable: ratioTo('durable', cheaper),
    cpuRatioMemory: ratioTo('memory', cheaper),
  };
}
