import { type ResourceTier, resourceTiers } from '@postern/shared/protocol/resource';

/** A resource as it is stored. */
interface Stored {
  tier: string | null;
  /** Canonical text of the access that it offers; null: it is open to every device that is fit. */
  access: string | null;
}

/**
 * Whether a change may let somebody in whom temporary access keeps out: it is taken away, offers other roles or is asked for
 * under other templates, or the tier falls, which templates and their conditions go by. What closes a resource loosens
 * nothing. Pure.
 */
export function loosens(before: Stored, after: Stored): boolean {
  if (before.access === null) return false;
  return after.access !== before.access || rank(after.tier) < rank(before.tier);
}

function rank(tier: string | null): number {
  return resourceTiers.indexOf(tier as ResourceTier);
}
