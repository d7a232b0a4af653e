import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '@postern/shared/time';
import { deriveKey } from '../master-key.ts';

const denialSchema = z.strictObject({
  exception: z.string().max(64),
  requestHash: z.string().max(64),
  /** Whom the link was sent to: who denies with it. */
  person: z.string().max(64),
  /** The link is good until then. */
  exp: z.int(),
});

/** What a link can do: deny one request, as it was when the link was made, in the name of one person. Never more. */
export type Denial = z.infer<typeof denialSchema>;

/** The code of a link: what it is for, and a MAC of it under a key for nothing else. */
export function denyCode(masterSecret: string, denial: Denial): string {
  const payload = Buffer.from(JSON.stringify(denial)).toString('base64url');
  return `${payload}.${mac(masterSecret, payload).toString('base64url')}`;
}

/** What a code is for; undefined unless it was made here and is good at `now`. */
export function openDenyCode(masterSecret: string, code: string, now: Instant): Denial | undefined {
  const [payload = '', given = '', ...more] = code.split('.');
  const expected = mac(masterSecret, payload);
  const presented = Buffer.from(given, 'base64url');
  if (more.length > 0 || presented.length !== expected.length || !timingSafeEqual(presented, expected))
    return undefined;
  const denial = denialSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  return now < denial.exp ? denial : undefined;
}

function mac(masterSecret: string, payload: string): Buffer {
  return createHmac('sha256', deriveKey(masterSecret, 'deny-links')).update(payload).digest();
}
