import type { Deps } from '../deps.ts';
import { readPlace } from './place.ts';

/**
 * Begins to tell from what is there when a server of this kind first starts. To be called before anybody is served, so that
 * nothing that anybody does is lost. Safe on every start, and on several nodes at once.
 */
export async function beginToSignal(deps: Pick<Deps, 'store'>): Promise<void> {
  await readPlace(deps);
}
