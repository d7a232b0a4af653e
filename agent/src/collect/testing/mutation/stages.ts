import { othersOf, stage, type Staged } from './run-scene.ts';
import type { OtherAnswer } from './spoil.ts';
import { scenes } from './scenes/all.ts';

export interface Stage {
  staged: Staged;
  others: readonly OtherAnswer[];
}

/** Every scene, read once as it is. */
export async function stages(): Promise<Stage[]> {
  const all = await Promise.all(scenes.map(stage));
  return all.map((staged) => ({ staged, others: othersOf(staged, all) }));
}
