import type { Deps } from '../deps.ts';
import type { AnyRoute } from '../http/route.ts';

export { proveStepUp, type StepUpProof, type Subject } from './prove.ts';

/** All endpoints of this capability. */
export function stepUpRoutes(_deps: Pick<Deps, 'store' | 'config' | 'random'>): AnyRoute[] {
  return [];
}
