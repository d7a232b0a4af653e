import { z } from 'zod';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/**
 * Public key of a device: P-256, for ES256. Private members are refused, not ignored (RFC 9449
 * section 4.3, check 7): a device that sends its private key has lost it.
 */
export const publicJwkSchema = z
  .strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate })
  .meta({ id: 'DeviceKey', description: 'Public P-256 key (RFC 7517)' });

export type PublicJwk = z.infer<typeof publicJwkSchema>;

/** RFC 7638 thumbprint: SHA-256, base64url. */
export const thumbprintSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be an RFC 7638 thumbprint');

/** Three base64url parts and nothing else: RFC 7515 section 7.1, without the slack that lenient decoders allow. */
export const compactJwsSchema = z
  .string()
  .max(65_536)
  .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'must be a compact JWS');
