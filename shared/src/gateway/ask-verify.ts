import { z } from 'zod';
import type { BackendAnswer, BackendClient } from './backend-client.ts';
import { Unavailable } from './backend-client.ts';
import type { Presented } from './presented.ts';
import { Refusal } from './refusal.ts';
import type { Denied, OnProblem, RequestHeaders } from './types.ts';
import { valuesOf } from './presented.ts';

/** The backend's own no: it goes to the caller as it is. */
export class DeniedByBackend extends Error {
  readonly denied: Denied;

  constructor(denied: Denied) {
    super(denied.reason);
    this.name = 'DeniedByBackend';
    this.denied = denied;
  }
}

export interface Vouched {
  /** What it says of who asks, names in lower case. */
  identity: Record<string, string>;
  nonce: string | undefined;
}

/** It is the gateway that is refused, not who asks. */
const ofTheGateway = /\berror="gateway_(?:refused|misconfigured)"/;
const identityNames = /^x-(?:auth-request|posture)-[a-z-]{1,40}$/;
/** Headers of a denial that are for the caller. */
const passedOn = [
  'www-authenticate',
  'dpop-nonce',
  'x-posture-reason',
  'content-type',
  'content-security-policy',
  'retry-after',
  'vary',
];

/** Lets the backend decide about a request (`/verify/forward`): token, proof, replay and posture. */
export function createDecision(
  backend: BackendClient,
  gateway: { id: string; secret: string },
  resource: string,
  onProblem: OnProblem,
) {
  const path = `/verify/forward?resource=${encodeURIComponent(resource)}`;

  /** @throws DeniedByBackend; Refusal for what cannot be passed on; Unavailable */
  return async (presented: Presented, headers: RequestHeaders): Promise<Vouched> => {
    const [proof, ...others] = presented.proofs;
    if (proof === undefined) throw new Refusal('proof_missing');
    if (others.length > 0 || !/^[\w.-]+$/.test(proof)) throw new Refusal('proof_invalid');
    const url = new URL(presented.url);
    const [accept] = valuesOf(headers, 'accept');
    const answer = await backend.ask(path, {
      headers: {
        authorization: `DPoP ${presented.token}`,
        dpop: proof,
        'postern-gateway': `${gateway.id}:${gateway.secret}`,
        'x-forwarded-method': presented.method,
        'x-forwarded-proto': url.protocol.slice(0, -1),
        'x-forwarded-host': url.host,
        // As it was sent: URL would tidy it up.
        'x-forwarded-uri': presented.url.slice(url.origin.length) || '/',
        ...(accept !== undefined && /^[\x20-\x7e]{1,256}$/.test(accept) ? { accept } : {}),
      },
    });
    const challenge = answer.headers.get('www-authenticate') ?? '';
    if (answer.status !== 200 && ofTheGateway.test(challenge)) {
      onProblem({
        code: 'credentials_refused',
        message: 'Postern does not take the credentials or the resource of this gateway.',
      });
      throw new Refusal('unavailable', { cause: challenge });
    }
    if (answer.status === 401 || answer.status === 403) throw new DeniedByBackend(deniedBy(answer));
    if (answer.status !== 200) throw new Unavailable(`Postern answered /verify/forward with status ${answer.status}.`);
    return {
      identity: Object.fromEntries([...answer.headers].filter(([name]) => identityNames.test(name))),
      nonce: answer.headers.get('dpop-nonce') ?? undefined,
    };
  };
}

function deniedBy({ status, headers, text }: BackendAnswer): Denied {
  const kept = passedOn.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    ok: false,
    status,
    headers: { 'cache-control': 'no-store', ...Object.fromEntries(kept) },
    reason: reasonOf(text) ?? headers.get('x-posture-reason') ?? new Refusal('refused_by_backend').message,
    body: text,
  };
}

const bodySchema = z.object({ error_description: z.string().max(1000) });

function reasonOf(text: string): string | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(text)).data?.error_description;
  } catch {
    return undefined;
  }
}
