import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { timestampSchema } from '../time.ts';
import { roles, userSchema } from './admin.ts';
import { assertionSchema, stepUpAnswerSchema } from './step-up.ts';

/** How somebody came to be signed in. */
export const signInMethods = ['sign-in-link', 'passkey', 'password', 'provider'] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** One way that is open here to whoever is not signed in. One-time links always are, and need no button. */
export const signInWaySchema = z
  .discriminatedUnion('way', [
    z.strictObject({ way: z.literal('passkey') }),
    z.strictObject({ way: z.literal('password') }),
    z.strictObject({ way: z.literal('provider'), id: z.string(), title: z.string() }),
  ])
  .meta({ id: 'SignInWay' });
export type SignInWay = z.output<typeof signInWaySchema>;

/** Either somebody is signed in, or one thing is still missing. */
export const signedInSchema = z
  .discriminatedUnion('state', [
    z.strictObject({ state: z.literal('signed-in'), person: userSchema }),
    z.strictObject({
      state: z.literal('second-factor'),
      /** What would do; a passkey is used as for any sign-in with one. */
      ways: z.array(z.enum(['code', 'passkey'])).min(1),
      expiresAt: timestampSchema,
    }),
  ])
  .meta({ id: 'SignedIn' });
export type SignedIn = z.output<typeof signedInSchema>;

/** What a browser is to be handed (`navigator.credentials.get`), and by when its answer is due. */
export const passkeySignInOptionsSchema = z
  .strictObject({
    /** PublicKeyCredentialRequestOptionsJSON of WebAuthn: for whichever passkey somebody has for this place. */
    options: z.looseObject({ challenge: z.string() }),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'PasskeySignInOptions' });
export type PasskeySignInOptions = z.output<typeof passkeySignInOptionsSchema>;

export const passkeySignInSchema = z.strictObject({ assertion: assertionSchema }).meta({ id: 'PasskeySignIn' });

const passwordText = z.string().min(1).max(256);
export const passwordSignInSchema = z
  .strictObject({ email: z.string().min(1).max(254), password: passwordText })
  .meta({ id: 'PasswordSignIn' });
export const codeSignInSchema = z
  .strictObject({ code: z.string().regex(/^\d{6}$/, 'must be six digits') })
  .meta({ id: 'CodeSignIn' });

export const newPasswordSchema = z
  .strictObject({ password: passwordText, stepUp: stepUpAnswerSchema.optional() })
  .meta({ id: 'NewPassword' });

/** One sign-in in one browser. */
export const sessionSchema = z
  .strictObject({
    /** Names it, and opens nothing. */
    id: z.string(),
    method: z.enum(signInMethods),
    /** As the browser names itself: hostile text. */
    userAgent: z.string().nullable(),
    remoteAddress: z.string().nullable(),
    createdAt: timestampSchema,
    /** When it ends if nothing more is done in it. */
    expiresAt: timestampSchema,
    /** It is the one that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof sessionSchema>;
export const sessionIdSchema = z
  .string()
  .regex(/^[\w-]{43}$/, 'must be the id of a session')
  .meta({ description: 'Id of one session', example: 'q83vEjRWeJAq83vEjRWeJAq83vEjRWeJAq83vEjRWeI' });

/** Whom an OpenID provider knows somebody as. */
const externalIdentitySchema = z.strictObject({
  issuer: z.string(),
  /** What the console calls it; null: it is not configured any more. */
  title: z.string().nullable(),
  email: z.string().nullable(),
  createdAt: timestampSchema,
  usedAt: timestampSchema,
});

/** What somebody may sign in with, beside passkeys and links (`GET /v1/me/sign-in`). */
export const ownSignInSchema = z
  .strictObject({
    /** Whether this server takes passwords at all. */
    passwords: z.boolean(),
    password: z
      .strictObject({
        setAt: timestampSchema,
        /** It signs nobody in with this role until there is a passkey or an authenticator app. */
        needsFactor: z.boolean(),
      })
      .nullable(),
    identities: z.array(externalIdentitySchema),
  })
  .meta({ id: 'OwnSignIn' });
export type OwnSignIn = z.output<typeof ownSignInSchema>;

/** A person as the console shows one (`GET /v1/admin/users/{id}`). */
export const userDetailSchema = userSchema
  .extend({
    managerName: z.string().nullable(),
    factors: z.strictObject({ passkeys: z.int(), authenticatorApp: z.boolean() }),
    password: z.strictObject({ setAt: timestampSchema, lockedUntil: timestampSchema.nullable() }).nullable(),
    identities: z.array(externalIdentitySchema),
    /** Of the last sign-in; null: never. */
    lastSignInAt: timestampSchema.nullable(),
    devices: z.int(),
  })
  .meta({ id: 'UserDetail' });
export type UserDetail = z.output<typeof userDetailSchema>;

export const sessionsEndedSchema = z.strictObject({ ended: z.int() }).meta({ id: 'SessionsEnded' });

/** `GET /v1/admin/users`, beside the page. */
export const userQuery = {
  /** Part of a name or an address, or a whole id. */
  q: z.string().min(1).max(120).optional(),
  role: z.enum(roles).optional(),
  group: z.string().min(1).max(64).optional(),
  active: z.enum(['true', 'false']).optional(),
  manager: idSchema('user').optional(),
};
