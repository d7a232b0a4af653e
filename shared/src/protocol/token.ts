import { z } from 'zod';
import { type Id, idPrefixes, idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';
import { publicJwkSchema, thumbprintSchema } from './jwk.ts';
import { verdictStatuses } from './verdict.ts';

/**
 * Authentication context classes that say how well a device stood (RFC 9470), best first: all rules pass; some are excepted;
 * some fail but may still be fixed.
 */
export const postureAcrs = [
  'urn:postern:posture:compliant',
  'urn:postern:posture:excepted',
  'urn:postern:posture:grace',
] as const;
export type PostureAcr = (typeof postureAcrs)[number];

export const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** RFC 8693 section 3. */
export const tokenTypes = {
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  idToken: 'urn:ietf:params:oauth:token-type:id_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
} as const;

/** `POST /oauth/token`, form-encoded. Unknown parameters are ignored (RFC 6749 section 3.2), duplicates refused. */
export const tokenRequestSchema = z.object({
  grant_type: z.string().max(128),
  client_id: z.string().max(128).optional(),
  client_assertion_type: z.string().max(128).optional(),
  client_assertion: z.string().max(8192).optional(),
  resource: z.string().max(256).optional(),
  scope: z.string().max(256).optional(),
  /** Token exchange (RFC 8693 section 2.1). */
  subject_token: z.string().max(8192).optional(),
  subject_token_type: z.string().max(128).optional(),
  actor_token: z.string().max(8192).optional(),
  actor_token_type: z.string().max(128).optional(),
  requested_token_type: z.string().max(128).optional(),
  audience: z.string().max(256).optional(),
  /** RFC 8628 section 3.4. */
  device_code: z.string().max(256).optional(),
  /** As in a challenge of RFC 9470 section 3: separated by spaces, best first. An extension: it defines them for authorization requests. */
  acr_values: z.string().max(512).optional(),
  /** How old evidence and sign-in may be, in seconds. */
  max_age: z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number of seconds')
    .optional(),
});
export type TokenRequest = z.output<typeof tokenRequestSchema>;

export const tokenAnswerSchema = z
  .strictObject({
    access_token: z.string(),
    token_type: z.literal('DPoP'),
    expires_in: z.int(),
    scope: z.string().optional(),
    /** Token exchange (RFC 8693 section 2.2.1). */
    issued_token_type: z.literal(tokenTypes.accessToken).optional(),
  })
  .meta({ id: 'Token' });
export type TokenAnswer = z.infer<typeof tokenAnswerSchema>;

/** `typ` of a client attestation and of its proof of possession (draft-ietf-oauth-attestation-based-client-auth). */
export const clientAttestationType = 'oauth-client-attestation+jwt';
export const attestationPopType = 'oauth-client-attestation-pop+jwt';

/** Claims of a client attestation: this key is the one of that device, whose posture was fine a moment ago. */
export const clientAttestationClaimsSchema = z
  .object({
    iss: z.string(),
    /** The client id. */
    sub: idSchema('device'),
    iat: z.int(),
    /** When the evidence that it rests on goes stale, and an hour after `iat` at most. */
    exp: z.int(),
    cnf: z.strictObject({ jwk: publicJwkSchema }),
  })
  .meta({ id: 'ClientAttestationClaims' });
export type ClientAttestationClaims = z.infer<typeof clientAttestationClaimsSchema>;

/** `POST /oauth/client-attestation`. */
export const clientAttestationAnswerSchema = z
  .strictObject({ client_attestation: z.string(), expires_in: z.int() })
  .meta({ id: 'ClientAttestation' });

/** One rule that stands in the way of a token: member `failed_checks` of the refusal. */
export const failedCheckSchema = z
  .strictObject({
    rule: z.string(),
    title: z.string(),
    outcome: z.string(),
    expected: z.string(),
    observed: z.string().nullable(),
    reason: z.string().nullable(),
    since: timestampSchema.nullable(),
    deadline: timestampSchema.nullable(),
    fix: z.strictObject({ text: z.string(), link: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'FailedCheck' });
export type FailedCheck = z.infer<typeof failedCheckSchema>;

/** Claims of an access token: RFC 9068, bound to the device key (RFC 9449 section 6). */
export const accessTokenClaimsSchema = z
  .object({
    iss: z.string(),
    /** One string, never an array: not every gateway reads arrays. */
    aud: z.string(),
    /**
     * A person who was present (token exchange, device authorization), or the client itself: no resource owner takes part
     * in client_credentials (RFC 9068 section 2.2).
     */
    sub: z.union([idSchema('device'), idSchema('user')]),
    /** The person whose device it is. Absent where `sub` names them: they were present. See `ownerOf`. */
    owner: idSchema('user').optional(),
    /** Who acts for a person: their device (RFC 8693 section 4.1). Absent where the device is the subject itself. */
    act: z.object({ sub: idSchema('device') }).optional(),
    /** When the person last proved who they are (RFC 9068 section 2.2.1). Only in tokens for people. */
    auth_time: z.int().optional(),
    /** How well the device stands, for step-up (RFC 9470). */
    acr: z.enum(postureAcrs),
    client_id: idSchema('device'),
    device_id: idSchema('device'),
    iat: z.int(),
    exp: z.int(),
    jti: idSchema('accessToken'),
    scope: z.string().optional(),
    cnf: z.object({ jkt: thumbprintSchema }),
    posture: z.object({
      status: z.enum(verdictStatuses),
      /** Time of the evidence. */
      at: z.int(),
      /** Sequence number of the attestation. */
      att: z.int(),
      /** The exceptions that it leans on. */
      exc: z.array(idSchema('exception')).optional(),
    }),
    /** Temporary access that it was issued under, in the role of `roles`: it is worth nothing once that has ended. */
    grant: z.object({ id: idSchema('exception') }).optional(),
    /** What the person may be at the resource (RFC 9068 section 2.2.3.1): the role of the grant. */
    roles: z.array(z.string()).optional(),
  })
  .meta({ id: 'AccessTokenClaims' });
export type AccessTokenClaims = z.infer<typeof accessTokenClaimsSchema>;

/** Whose device a token is of: said by `owner`, or by `sub` in a token for that person. */
export function ownerOf({ sub, owner }: Pick<AccessTokenClaims, 'sub' | 'owner'>): Id<'user'> | undefined {
  return owner ?? (isPerson(sub) ? sub : undefined);
}

function isPerson(sub: AccessTokenClaims['sub']): sub is Id<'user'> {
  return sub.startsWith(`${idPrefixes.user}_`);
}

/** RFC 7662 section 2.2. Whatever the caller may not know is exactly `{"active": false}`. */
export const introspectionAnswerSchema = z
  .union([
    z.strictObject({ active: z.literal(false) }),
    accessTokenClaimsSchema.extend({ active: z.literal(true), token_type: z.literal('DPoP') }),
  ])
  .meta({ id: 'Introspection' });

/** `POST /oauth/introspect` and `POST /oauth/revoke`. */
export const tokenReferenceSchema = z.object({
  token: z.string().min(1).max(8192),
  token_type_hint: z.string().max(64).optional(),
});

/** `POST /oauth/revoke` (RFC 7009). A device authenticates in the form, a gateway in the Authorization header. */
export const revocationRequestSchema = tokenReferenceSchema.extend({
  client_id: z.string().max(128).optional(),
  client_assertion_type: z.string().max(128).optional(),
  client_assertion: z.string().max(8192).optional(),
});

/** RFC 8414 section 2, as far as Postern offers it. */
export const authorizationServerMetadataSchema = z
  .strictObject({
    issuer: z.url(),
    token_endpoint: z.url(),
    jwks_uri: z.url(),
    introspection_endpoint: z.url(),
    revocation_endpoint: z.url(),
    /** RFC 8628. */
    device_authorization_endpoint: z.url(),
    /** draft-ietf-oauth-attestation-based-client-auth. */
    challenge_endpoint: z.url(),
    /** Where a device gets its client attestation. Not of the draft, which leaves that open. */
    client_attestation_endpoint: z.url(),
    grant_types_supported: z.array(z.string()),
    response_types_supported: z.array(z.string()),
    token_endpoint_auth_methods_supported: z.array(z.string()),
    token_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
    introspection_endpoint_auth_methods_supported: z.array(z.string()),
    revocation_endpoint_auth_methods_supported: z.array(z.string()),
    revocation_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
    /** draft-ietf-oauth-attestation-based-client-auth. */
    client_attestation_signing_alg_values_supported: z.array(z.string()),
    client_attestation_pop_signing_alg_values_supported: z.array(z.string()),
    client_attestation_pop_methods_supported: z.array(z.string()),
    dpop_signing_alg_values_supported: z.array(z.string()),
    acr_values_supported: z.array(z.string()),
    /** OpenID Connect Discovery 1.0 section 3, required there. */
    subject_types_supported: z.array(z.string()),
    id_token_signing_alg_values_supported: z.array(z.string()),
  })
  .meta({ id: 'AuthorizationServerMetadata' });
export type AuthorizationServerMetadata = z.infer<typeof authorizationServerMetadataSchema>;

/** RFC 7517 section 5. Public keys only. */
export const jwkSetSchema = z.strictObject({ keys: z.array(z.record(z.string(), z.json())) }).meta({ id: 'JwkSet' });
