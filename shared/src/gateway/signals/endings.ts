import { type AccessTokenClaims, ownerOf } from '../../protocol/token.ts';
import { hour, type Instant, minute, second } from '../../time.ts';
import type { Ending } from './read-signal.ts';

/** No token lives longer (policies allow an hour), and neither need we remember what ended before it was issued. */
const keptMs = hour + 5 * minute;

export interface Endings {
  /** @returns false when there was no room: then nothing is remembered any more */
  apply(ending: Ending, now: Instant): boolean;
  hasEnded(claims: AccessTokenClaims): boolean;
  forget(now: Instant): void;
  clear(): void;
  readonly size: number;
}

/** What signals said, for as long as tokens may be about that were issued before. */
export function createEndings(most: number): Endings {
  const kinds = {
    token: new Map<string, Instant>(),
    exception: new Map<string, Instant>(),
    device: new Map<string, Instant>(),
    user: new Map<string, Instant>(),
    /** Devices that are not compliant, since when; and those that are again, so that an older signal changes nothing. */
    compliance: new Map<string, { compliant: boolean; at: Instant }>(),
  };
  /** When something was remembered, which is not when it happened: a backlog may be old. */
  const rememberedAt = new Map<string, Instant>();
  const nameOf = (kind: string, id: string) => `${kind} ${id}`;
  const endedSince = (map: Map<string, Instant>, id: string, issuedAt: Instant) =>
    issuedAt <= (map.get(id) ?? -Infinity);

  function forget(now: Instant): void {
    for (const [name, at] of rememberedAt) {
      if (at + keptMs > now) continue;
      const [kind, id] = name.split(' ') as [keyof typeof kinds, string];
      kinds[kind].delete(id);
      rememberedAt.delete(name);
    }
  }

  function clear(): void {
    for (const map of Object.values(kinds)) map.clear();
    rememberedAt.clear();
  }

  return {
    apply(ending, now) {
      if (ending.kind === 'nothing' || ending.kind === 'stream' || ending.kind === 'unclear') return true;
      if (rememberedAt.size >= most) forget(now);
      if (rememberedAt.size >= most) {
        clear();
        return false;
      }
      const { kind, id, at } = ending;
      rememberedAt.set(nameOf(kind, id), now);
      if (kind === 'compliance') {
        const before = kinds.compliance.get(id);
        if (before === undefined || at >= before.at) kinds.compliance.set(id, { compliant: ending.compliant, at });
      } else {
        kinds[kind].set(id, Math.max(at, kinds[kind].get(id) ?? at));
      }
      return true;
    },
    hasEnded(claims) {
      const issuedAt = claims.iat * second;
      const exceptions = [...(claims.posture.exc ?? []), ...(claims.grant === undefined ? [] : [claims.grant.id])];
      return (
        kinds.token.has(claims.jti) ||
        exceptions.some((id) => kinds.exception.has(id)) ||
        kinds.compliance.get(claims.device_id)?.compliant === false ||
        endedSince(kinds.device, claims.device_id, issuedAt) ||
        endedSince(kinds.user, claims.sub, issuedAt) ||
        endedSince(kinds.user, ownerOf(claims) ?? '', issuedAt)
      );
    },
    forget,
    clear,
    get size() {
      return rememberedAt.size;
    },
  };
}
