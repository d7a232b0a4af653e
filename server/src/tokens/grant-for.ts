import type { Instant } from '@postern/shared/time';
import type { DeviceFacts } from '../devices/index.ts';
import { isLive, type Rulebook } from '../policy/index.ts';

/** Temporary access in force, or that begins with its first use. */
export interface Grant {
  /** Of the exception. */
  id: string;
  role: string;
  /** Null: the token that is asked for now begins it. */
  begin: { at: Instant; expiresAt: Instant } | null;
  /** What is left of it. */
  leftMs: number;
}

/**
 * The temporary access under which a resource is open: to this person, on this device, with this key, in a role that the
 * resource still offers. Pure.
 *
 * @returns undefined when there is none; `not-needed` when the resource is open without
 */
export function grantFor(
  facts: Pick<DeviceFacts, 'id' | 'jkt' | 'owner' | 'exceptions'>,
  { access }: Pick<Rulebook, 'access'>,
  resource: string,
  now: Instant,
): Grant | 'not-needed' | undefined {
  const offered = access.get(resource);
  if (offered === undefined) return 'not-needed';
  for (const exception of facts.exceptions) {
    const { id, kind, role, personId, deviceId, jkt, resources, beginsAt, expiresAt, durationMs } = exception;
    if (kind !== 'access' || role === null || expiresAt === null || !isLive(exception, now)) continue;
    if (personId !== facts.owner.id || deviceId !== facts.id || jkt !== facts.jkt) continue;
    if (!resources.includes(resource) || !offered.roles.includes(role)) continue;
    const begin = beginsAt === null ? { at: now, expiresAt: now + durationMs } : null;
    return { id, role, begin, leftMs: (begin?.expiresAt ?? expiresAt) - now };
  }
  return undefined;
}
