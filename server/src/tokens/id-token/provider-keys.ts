import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { minute, second } from '@postern/shared/time';
import { isLoopbackHost } from '../../loopback.ts';

/** The provider could not be asked, or its answer is none. Says nothing about the token. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

const timeoutMs = 5 * second;
/** After a failure it is left alone for this long, however many sign-ins come. */
const pauseMs = 5 * second;
/** An unknown kid makes us look for new keys, but not for every one that somebody makes up. */
const cooldownMs = 30 * second;
/** For so long a key that the provider withdrew may still be believed. */
const keysForMs = 10 * minute;
const metadataForMs = 60 * minute;
const maxCharacters = 262_144;

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.string() });

/** The keys of an OpenID provider, by its discovery document; asked for when they are first needed. */
export function createProviderKeys(
  issuer: string,
  { ask = fetch, now = Date.now }: { ask?: typeof fetch; now?: () => number } = {},
): JWTVerifyGetKey {
  let failedAt = -Infinity;
  let known: { at: number; keys: Promise<JWTVerifyGetKey> } | undefined;

  /** JSON of the provider: at one address, within a time and a size. */
  async function read(url: string): Promise<unknown> {
    if (now() - failedAt < pauseMs) throw new ProviderUnavailable('it could not be asked a moment ago');
    try {
      const answer = await ask(url, {
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { accept: 'application/json' },
      });
      if (answer.status !== 200) throw new Error(`it answered ${answer.status}`);
      return JSON.parse(await textOf(answer)) as unknown;
    } catch (error) {
      failedAt = now();
      throw new ProviderUnavailable(url, { cause: error });
    }
  }

  async function discover(): Promise<JWTVerifyGetKey> {
    const found = await read(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const address = keysAddress(metadataSchema.safeParse(found).data, issuer);
    if (address instanceof ProviderUnavailable) {
      failedAt = now();
      throw address;
    }
    return createRemoteJWKSet(address, {
      cooldownDuration: cooldownMs,
      cacheMaxAge: keysForMs,
      timeoutDuration: timeoutMs,
      [customFetch]: async (url) => Response.json(await read(url)),
    });
  }

  function keys(): Promise<JWTVerifyGetKey> {
    if (known !== undefined && now() - known.at < metadataForMs) return known.keys;
    const asked = { at: now(), keys: discover() };
    known = asked;
    asked.keys.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.keys;
  }

  return async (header, token) => (await keys())(header, token);
}

/** Where the keys are, by a discovery document that is the issuer's own (OpenID Connect Discovery 1.0 section 4.3). */
function keysAddress(metadata: z.infer<typeof metadataSchema> | undefined, issuer: string): URL | ProviderUnavailable {
  if (metadata?.issuer !== issuer) return new ProviderUnavailable('its discovery document names another issuer');
  const url = URL.parse(metadata.jwks_uri);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  return url !== null && isSafe ? url : new ProviderUnavailable('its keys are not behind https');
}

async function textOf({ body }: Response): Promise<string> {
  let text = '';
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    if (text.length > maxCharacters) throw new Error('its answer is too large');
  }
  return text;
}
