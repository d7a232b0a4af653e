import type { Summary } from './token-report.ts';

/** What each side keeps for one token, and how safe it is by the time of the answer. */
const keptOnPostgres = [
  'What is kept for one token:',
  '  Postern        PostgreSQL: each proof and assertion that was used up, the token, the exceptions it leans on and an audit entry',
  '                 chained to the one before; requests that arrive together share a commit',
];
const keptOnSqlite = [
  'What is kept for one token:',
  '  Postern        SQLite, WAL, synchronous=FULL, as it ships: each assertion that was used up, the token, the exceptions it leans on',
  '                 and an audit entry chained to the one before; requests that arrive together share a commit. Proofs that were used',
  '                 up are in memory: their nonces are good with this process alone, and not after its end',
  '  oidc durable   oidc-provider, SQLite, WAL, synchronous=FULL: each proof and assertion that was used up, each looked up and then',
  '                 written in a commit of its own, as its adapter is called; it keeps neither the token nor an audit',
  '  oidc memory    oidc-provider, a Map that forgets nothing early: the same, and nothing on disk',
];

export function inWords(summary: Summary): string {
  const methods = Object.entries(summary.methods).map(([name, figures]) => {
    const { verifications, signatures } = figures.signatures;
    const rows = [
      ['Postern', figures.postern],
      ['oidc durable', figures.durable],
      ['oidc memory', figures.memory],
    ] as const;
    const lines = rows.flatMap(([title, each]) =>
      each === undefined
        ? []
        : [
            `  ${title.padEnd(14)} ${String(each.perSecond).padStart(6)}/s   p50 ${each.p50Ms} ms   p99 ${each.p99Ms} ms   CPU ${each.cpuMicros} µs   token ${each.tokenBytes} bytes`,
          ],
    );
    const ratio = (title: string, rate: typeof figures.ratioDurable, cpu: typeof figures.ratioDurable) =>
      rate === undefined
        ? []
        : [
            `  ${rate.median} times ${title} (${rate.min} to ${rate.max}); by CPU for a token ${cpu?.median ?? '-'} times`,
          ];
    return [
      `Tokens, ${name} with DPoP`,
      ...lines,
      `  the signatures alone (${verifications} to verify, ${signatures} to make): ${figures.limitPerSecond}/s, ${figures.limitCpuMicros} µs; Postern's CPU is ${figures.cpuToLimit} times that`,
      ...ratio('oidc-provider on a durable store', figures.ratioDurable, figures.cpuRatioDurable),
      ...ratio('oidc-provider in memory', figures.ratioMemory, figures.cpuRatioMemory),
      ...(figures.generatorBusy > 0.7
        ? [`  CAUTION: the load generator was busy ${figures.generatorBusy * 100} %`]
        : []),
    ].join('\n');
  });
  const verify =
    summary.verifyNginxP99Ms === null
      ? '  /verify/nginx  this server has none'
      : `  /verify/nginx  p50 ${String(summary.verifyNginxP50Ms)} ms   p99 ${summary.verifyNginxP99Ms} ms   (a DPoP proof each, used up)`;
  return [
    '',
    `Medians of the rounds; ${summary.store}, ${summary.connections} connections; load average ${summary.loadAverage}; ${summary.cores}`,
    ...methods,
    'Attestations',
    `  Postern        ${String(summary.attestationsPerSecond).padStart(6)}/s   p50 ${summary.attestationP50Ms} ms   p99 ${summary.attestationP99Ms} ms   CPU ${summary.attestationCpuMicros} µs`,
    `  the signature alone (1 to verify): ${summary.attestationLimitPerSecond}/s; Postern's CPU is ${summary.attestationCpuToLimit} times that`,
    'One request in flight',
    verify,
    `  introspection  p50 ${summary.introspectP50Ms} ms   p99 ${summary.introspectP99Ms} ms`,
    ...(summary.store === 'postgres' ? keptOnPostgres : keptOnSqlite),
  ].join('\n');
}
