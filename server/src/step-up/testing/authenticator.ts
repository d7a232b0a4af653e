import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import type { Attestation, PasskeyAnswer } from '@postern/shared/protocol/step-up';

interface Ceremony {
  challenge: string;
  origin?: string;
  rpId?: string;
  verified?: boolean;
  crossOrigin?: boolean;
}

const flags = { present: 0x01, verified: 0x04, attested: 0x40 } as const;

/** A passkey in software: ES256, without attestation, for one console. Everything that it says can be made wrong. */
export class SoftwareAuthenticator {
  readonly id = randomBytes(32).toString('base64url');
  /** Zero: it keeps none (WebAuthn section 6.1.1). */
  counter = 0;
  readonly #rpId: string;
  readonly #origin: string;
  readonly #privateKey: KeyObject;
  readonly #coseKey: Uint8Array;

  constructor({ origin }: { origin: string }) {
    this.#origin = origin;
    this.#rpId = new URL(origin).hostname;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = privateKey;
    const { x, y } = publicKey.export({ format: 'jwk' });
    const coordinate = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'));
    this.#coseKey = isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, coordinate(x)],
        [-3, coordinate(y)],
      ]),
    );
  }

  /** `navigator.credentials.create`. */
  register(
    ceremony: Ceremony,
    attestation: { fmt?: string; attStmt?: Map<string, string | Uint8Array[]> } = {},
  ): Attestation {
    const credentialId = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(credentialId.length);
    const authData = Buffer.concat([
      this.#authenticatorData(ceremony, flags.attested),
      Buffer.alloc(16),
      length,
      credentialId,
      this.#coseKey,
    ]);
    const attestationObject = isoCBOR.encode(
      new Map<string, string | Uint8Array | Map<string, string | Uint8Array[]>>([
        ['fmt', attestation.fmt ?? 'none'],
        ['attStmt', attestation.attStmt ?? new Map<string, string>()],
        ['authData', new Uint8Array(authData)],
      ]),
    );
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      response: {
        clientDataJSON: this.#clientData('webauthn.create', ceremony).toString('base64url'),
        attestationObject: Buffer.from(attestationObject).toString('base64url'),
        transports: ['internal'],
      },
      clientExtensionResults: {},
    };
  }

  /** `navigator.credentials.get`. */
  assert(ceremony: Ceremony): PasskeyAnswer['assertion'] {
    if (this.counter > 0) this.counter += 1;
    const authData = this.#authenticatorData(ceremony, 0);
    const clientData = this.#clientData('webauthn.get', ceremony);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
      },
      clientExtensionResults: {},
    };
  }

  /** The answer to a challenge, as it is sent along. */
  answer({ id, options }: { id: string; options: { challenge: string } }, wrong: Partial<Ceremony> = {}) {
    const assertion = this.assert({ challenge: options.challenge, ...wrong });
    return { kind: 'passkey', stepUp: id as PasskeyAnswer['stepUp'], assertion } satisfies PasskeyAnswer;
  }

  #clientData(type: string, { challenge, origin = this.#origin, crossOrigin = false }: Ceremony): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin }));
  }

  #authenticatorData({ rpId = this.#rpId, verified = true }: Ceremony, more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const set = flags.present | (verified ? flags.verified : 0) | more;
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([set]), counter]);
  }
}
