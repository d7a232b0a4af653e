import type { Deps } from '../deps.ts';
import { beginWithAudit } from './follow.ts';
import { beginWithCheckpoints } from './follow-checkpoints.ts';

/**
 * Writes down from where on things are told: from what is there when a server of this kind first starts, which are its own
 * first policy and templates, or what an older one left. To be called before anybody is served, so that nothing that
 * anybody does is lost. Safe on every start, and on several nodes at once.
 */
export async function beginToTell(deps: Pick<Deps, 'store'>): Promise<void> {
  await beginWithAudit(deps);
  await beginWithCheckpoints(deps);
}
