import { z } from 'zod';
import type { AccessTokenClaims } from '../protocol/token.ts';
import type { Instant } from '../time.ts';
import { type BackendClient, Unavailable } from './backend-client.ts';
import { Refusal } from './refusal.ts';
import { checkClaims, type Expected } from './token.ts';
import type { OnProblem } from './types.ts';

const answerSchema = z.looseObject({ active: z.boolean() });

/** Asks the backend about a token (RFC 7662), and is told what it is worth at this instant. */
export function createIntrospection(backend: BackendClient, expected: Expected, onProblem: OnProblem) {
  /** @throws Refusal `token_ended` for any token that is not good now; Unavailable */
  return async (token: string, now: Instant): Promise<AccessTokenClaims> => {
    const { status, text } = await backend.ask('/oauth/introspect', {
      method: 'POST',
      headers: { authorization: backend.basic ?? '', accept: 'application/json' },
      body: new URLSearchParams({ token }),
    });
    if (status !== 200) {
      onProblem({ code: 'credentials_refused', message: `Postern answered introspection with status ${status}.` });
      throw new Refusal('unavailable', { cause: `introspection answered ${status}` });
    }
    const { active, ...claims } = readAnswer(text);
    if (!active) throw new Refusal('token_ended');
    return checkClaims(claims, expected, now);
  };
}

function readAnswer(text: string): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Unavailable('Postern answered introspection with something else.', { cause });
  }
}
