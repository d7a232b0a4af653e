import type { LimitProcess } from './limit-process.ts';
import type { RawLimit } from './raw-limit.ts';
import type { Target } from './target.ts';
import { type Measured, measure, type Say, type Size } from './token-rounds.ts';

export interface AttestationRound {
  limit: RawLimit;
  measured: Measured;
}

/** Attestations of devices that stay as they are. Only Postern has any, so they are held to their own limit: one verification. */
export async function playAttestations(
  target: Target,
  { lanes, size, limit, say }: { lanes: number; size: Size; limit: LimitProcess; say: Say },
): Promise<AttestationRound[]> {
  for (let left = Math.ceil(size.warmUp / lanes); left > 0; left -= 300)
    await measure(target, await target.attestationShots(Math.min(left, 300)));
  const rounds: AttestationRound[] = [];
  for (let number = 1; number <= size.rounds; number += 1) {
    const shots = await target.attestationShots(Math.ceil(size.perRound.attestations / lanes));
    const measured = await measure(target, shots);
    rounds.push({ measured, limit: await limit.measure({ verifications: 1, signatures: 0 }, size.limitMs) });
    say(`attestations, round ${number}: ${measured.perSecond.toFixed(0)}/s`);
  }
  return rounds;
}
