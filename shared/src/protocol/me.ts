import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { humanLine } from '../text.ts';
import { timestampSchema } from '../time.ts';
import { roles } from './admin.ts';
import { attestationSchema } from './step-up.ts';

/** Who somebody is, to themselves (`GET /v1/me`). */
export const meSchema = z
  .strictObject({
    id: idSchema('user'),
    name: z.string(),
    email: z.string(),
    roles: z.array(z.enum(roles)),
    groups: z.array(z.string()),
    manager: z.strictObject({ id: idSchema('user'), name: z.string() }).nullable(),
    /** When they last proved who they are. */
    authenticatedAt: timestampSchema,
    factors: z.strictObject({ passkeys: z.int(), authenticatorApp: z.boolean() }),
    /** What they want to hear of, and how; what is not there is as it is for everybody. */
    notify: z.record(z.string(), z.json()),
  })
  .meta({ id: 'Me' });

export const passkeySchema = z
  .strictObject({
    /** Credential id, base64url. */
    id: z.string(),
    label: z.string(),
    createdAt: timestampSchema,
    usedAt: timestampSchema.nullable(),
    /** It is kept in more than one place, by whoever made the authenticator. */
    backedUp: z.boolean(),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.infer<typeof passkeySchema>;

/** What a browser is to be handed (`navigator.credentials.create`), and by when its answer is due. */
export const passkeyOptionsSchema = z
  .strictObject({
    id: idSchema('stepUp'),
    /** PublicKeyCredentialCreationOptionsJSON of WebAuthn. */
    options: z.looseObject({ challenge: z.string() }),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'PasskeyOptions' });
export type PasskeyOptions = z.infer<typeof passkeyOptionsSchema>;

export const newPasskeySchema = z
  .strictObject({
    /** As the options named it. */
    stepUp: idSchema('stepUp'),
    label: humanLine({ max: 120 }),
    attestation: attestationSchema,
  })
  .meta({ id: 'NewPasskey' });
export type NewPasskey = z.output<typeof newPasskeySchema>;

/** The only answer that ever holds the secret. */
export const newAuthenticatorAppSchema = z
  .strictObject({
    /** Base32. */
    secret: z.string(),
    /** `otpauth://`, for a QR code. */
    uri: z.string(),
  })
  .meta({ id: 'NewAuthenticatorApp' });
export type NewAuthenticatorApp = z.infer<typeof newAuthenticatorAppSchema>;

export const appConfirmationSchema = z
  .strictObject({ code: z.string().regex(/^\d{6}$/, 'must be six digits') })
  .meta({ id: 'AuthenticatorAppConfirmation' });

/** `DELETE /v1/admin/users/{id}/second-factors`: what they had. */
export const factorsResetSchema = z
  .strictObject({ passkeys: z.int(), authenticatorApp: z.boolean() })
  .meta({ id: 'FactorsReset' });
export type FactorsReset = z.infer<typeof factorsResetSchema>;

/** `POST /v1/me/sign-in-tokens`: for which device of theirs somebody says that they are there. */
export const newSignInTokenSchema = z.strictObject({ device: idSchema('device') }).meta({ id: 'NewSignInToken' });

/** The only answer that ever holds it. It is exchanged for an access token by that device, once. */
export const signInTokenSchema = z
  .strictObject({ token: z.string(), expiresAt: timestampSchema })
  .meta({ id: 'SignInToken' });
