import { shoot } from '/work/main/test/src/bench/load.ts';
import { Target } from '/work/main/test/src/bench/target.ts';
import { rawLimit } from '/work/main/test/src/bench/raw-limit.ts';
const target = await Target.start(undefined, 16);
for (let r = 0; r < Number(process.argv[2] ?? 8); r++) {
  const at = await target.attestationShots(60);
  await shoot(target.url, at);
  const shots = await target.tokenShots(Number(process.argv[3] ?? 200));
  const b = await target.cpuSeconds();
  const f = await shoot(target.url, shots);
  const c = (await target.cpuSeconds()) - b;
  console.log(
    r,
    f.perSecond.toFixed(0),
    'tok/s',
    ((c / f.answered) * 1e6).toFixed(0),
    'us',
    f.p50Ms.toFixed(1),
    f.p99Ms.toFixed(1),
    'limit',
    rawLimit({ verifications: 2, signatures: 1 }, 300).toFixed(0),
  );
}
await target.stop();
