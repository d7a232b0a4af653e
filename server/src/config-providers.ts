import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { roles } from '@postern/shared/protocol/admin';
import { groupSchema } from '@postern/shared/protocol/policy';
import { humanLine } from '@postern/shared/text';
import type { SignInProvider } from './config.ts';
import { isLoopbackHost } from './loopback.ts';

const providerSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be small letters, digits and -, 32 at most'),
    title: humanLine({ max: 60 }),
    issuer: z.string().max(512).refine(isProviderIssuer, 'must be an https address, exactly as its ID tokens name it'),
    client_id: z.string().min(1).max(256),
    client_secret: z.string().min(1).max(1024).optional(),
    client_secret_file: z.string().min(1).max(4096).optional(),
    scope: z
      .string()
      .regex(/^openid( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must begin with openid')
      .default('openid email profile'),
    link_by_email: z.boolean().default(false),
    create: z.boolean().default(false),
    groups_claim: z.string().min(1).max(128).default('groups'),
    roles: z.record(groupSchema, z.array(z.enum(roles)).min(1)).default({}),
    groups: z.union([z.literal('all'), z.array(groupSchema).max(100)]).default([]),
  })
  .refine((each) => each.client_secret === undefined || each.client_secret_file === undefined, {
    message: 'must have client_secret or client_secret_file, not both',
    path: ['client_secret'],
  });

type WrittenProvider = z.output<typeof providerSchema>;

const list = z
  .array(providerSchema)
  .max(20)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'must not use an id twice')
  .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, 'must not name an issuer twice');

/** A list in the file; in the environment the same as JSON. */
export const writtenProvidersSchema = z.union([
  list,
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(list),
]);

/** Providers with their secrets, which may stand in files of their own. */
export function readProviders(written: readonly WrittenProvider[], source: string, faults: string[]): SignInProvider[] {
  return written.map((each) => ({
    id: each.id,
    title: each.title,
    issuer: each.issuer,
    clientId: each.client_id,
    clientSecret: each.client_secret ?? readSecret(each, source, faults),
    scope: each.scope,
    linkByEmail: each.link_by_email,
    create: each.create,
    groupsClaim: each.groups_claim,
    roles: each.roles,
    groups: each.groups,
  }));
}

function readSecret(
  { id, client_secret_file: file }: WrittenProvider,
  source: string,
  faults: string[],
): string | null {
  if (file === undefined) return null;
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (secret !== '') return secret;
  } catch {
    // Said below: whether it is missing or not to be read, the remedy is the same.
  }
  faults.push(`${source}: the client_secret_file of ${id} must be a file with the secret that this user can read`);
  return null;
}

function isProviderIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || /[?#]/.test(text)) return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname.replaceAll(/[[\]]/g, '')))
  );
}
