import { z } from 'zod';
import { keyProviders, type KeyProviderId } from '@postern/shared/protocol/enrollment';
import { type PublicJwk, thumbprintSchema } from '@postern/shared/protocol/jwk';

/**
 * Where a device key is, as the state remembers it. Each provider reads its own handle; the thumbprint
 * tells whether what it loads is still the key that was enrolled.
 */
export const keyRefSchema = z.strictObject({
  provider: z.enum(keyProviders),
  thumbprint: thumbprintSchema,
  handle: z.record(z.string().max(64), z.string().max(8192)),
});
export type KeyRef = z.infer<typeof keyRefSchema>;

export interface DeviceKey {
  readonly publicJwk: PublicJwk;
  /** RFC 7638. */
  readonly thumbprint: string;
  /**
   * ES256 over the message: always 64 bytes, r and s side by side (RFC 7518 section 3.4). Takes the message
   * and not its digest, because node:crypto signs no digest; a TPM's provider hashes the message itself.
   */
  sign(message: Uint8Array): Promise<Buffer>;
}

export type ProbeResult =
  | { available: true }
  | { available: false; reason: 'no-device' | 'no-permission' | 'locked-out' | 'no-helper' | 'plaintext-store' };

/** One place where a device key can live. A provider is one file and one line in providers.ts. */
export interface KeyProvider {
  readonly id: KeyProviderId;
  /** Where it keeps the key, for people. */
  readonly place: string;
  /** Whether a key could be made here now. Changes nothing. */
  probe(): Promise<ProbeResult>;
  /** A key that was made here for an enrollment that did not come to its end. */
  leftover(): Promise<KeyRef | undefined>;
  /** Makes a key. Never replaces one. */
  create(): Promise<KeyRef>;
  /** @throws KeyError when the key is gone, unsafe or another one */
  load(ref: KeyRef): Promise<DeviceKey>;
  /** Whether a key is kept here, usable or not. */
  exists(): Promise<boolean>;
  /** Destroys the key that is kept here. Quiet when there is none. */
  remove(): Promise<void>;
}

export type KeyErrorCode =
  | 'key-missing'
  | 'key-exists'
  | 'key-unsafe'
  | 'key-unreadable'
  | 'key-changed'
  | 'no-provider';

/** The device key cannot be used. The message says what is the matter and what to do about it. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
