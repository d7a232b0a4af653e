import { z } from 'zod';
import { groupSchema } from '@postern/shared/protocol/policy';
import { humanLine } from '@postern/shared/text';
import { type Instant, second } from '@postern/shared/time';

/** What a provider says of who signed in, as far as it can be used. */
export interface ProviderSays {
  subject: string;
  /** In lower case, and verified by the provider; undefined where it does not say so. */
  verifiedEmail: string | undefined;
  name: string | undefined;
  /** Undefined: it does not say which, and it is not that there are none. */
  groups: readonly string[] | undefined;
  /** When they showed the provider who they are, as far as it says. */
  authenticatedAt: Instant;
}

const seconds = z.number().min(0).max(4_102_444_800);
const claimsSchema = z.looseObject({
  sub: z.string().min(1).max(255),
  iat: seconds,
  auth_time: seconds.optional().catch(undefined),
  email: z.email().max(254).optional().catch(undefined),
  email_verified: z.unknown().optional(),
  name: humanLine({ max: 120 }).optional().catch(undefined),
  /** Where an answer would be too long, Entra says here that there are groups, and not which. */
  _claim_names: z.record(z.string(), z.unknown()).optional().catch(undefined),
  hasgroups: z.unknown().optional(),
});
const mostGroups = 2000;

type Claims = Readonly<Record<string, unknown>>;

/**
 * What an ID token says, and beside it what the userinfo endpoint does. That an address is verified counts for the address beside
 * which it stands, and for no other.
 */
export function allClaims(ofToken: Claims, ofEndpoint: Claims): Claims {
  const isSilent = ofToken['email'] === undefined;
  const isSame = ofToken['email_verified'] === undefined && ofToken['email'] === ofEndpoint['email'];
  const { email, email_verified } = isSilent || isSame ? ofEndpoint : ofToken;
  return { ...ofEndpoint, ...ofToken, email, email_verified };
}

/** Reads claims that were verified. Throws nothing but what zod throws where they are no claims of an ID token. */
export function readClaims(claims: unknown, groupsClaim: string, now: Instant): ProviderSays {
  const read = claimsSchema.parse(claims);
  const given = Object.hasOwn(read, groupsClaim) ? read[groupsClaim] : undefined;
  const isElsewhere = Object.hasOwn(read._claim_names ?? {}, groupsClaim) || read.hasgroups === true;
  return {
    subject: read.sub,
    verifiedEmail: read.email_verified === true ? read.email?.toLowerCase() : undefined,
    name: read.name,
    groups: given === undefined && isElsewhere ? undefined : groupsIn(given),
    authenticatedAt: Math.min(now, (read.auth_time ?? read.iat) * second),
  };
}

/** A list, or one by itself. What could be no group here is none. */
function groupsIn(given: unknown): string[] {
  const all: unknown[] = Array.isArray(given) ? given.slice(0, mostGroups) : [given];
  return [...new Set(all.flatMap((each) => groupSchema.safeParse(each).data ?? []))];
}
