import type { IncomingMessage } from 'node:http';
import type { AccessTokenClaims } from '../protocol/token.ts';
import { createGateway, type Gateway } from './gateway.ts';
import type { GatewayOptions } from './options.ts';
import type { Allowed, Denied, RequestHeaders } from './types.ts';

/** What a handler finds on its request. */
export interface Auth {
  /** The protected header of the token. */
  header: Readonly<Record<string, unknown>>;
  /** Its claims. */
  payload: AccessTokenClaims;
  token: string;
  /** What the backend said of who asks (mode `decision`). */
  identity: Readonly<Record<string, string>>;
}

/** A denial on its way through a framework: all of them answer with `status` and `headers` of an error. */
export class GatewayError extends Error {
  readonly status: number;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The message may be shown. */
  readonly expose = true;

  constructor({ status, headers, reason, body }: Denied) {
    super(reason);
    this.name = 'GatewayError';
    this.status = status;
    this.statusCode = status;
    this.headers = headers;
    this.body = body;
    // Where an error page shows the stack, it has nothing to say.
    this.stack = `${this.name}: ${reason}`;
  }
}

export function authOf({ header, claims, token, identity }: Allowed): Auth {
  return { header, payload: claims, token, identity };
}

/** A gateway that routes share, or the options of one of its own. */
export function gatewayOf(given: Gateway | GatewayOptions): Gateway {
  return 'verify' in given ? given : createGateway(given);
}

/** `headers` of Node hides a second Authorization header; `headersDistinct` does not. */
export function headersOf(
  message: Pick<IncomingMessage, 'headers'> & { headersDistinct?: RequestHeaders },
): RequestHeaders {
  return message.headersDistinct ?? message.headers;
}

/** What was let in, for whoever asks about the same request again: its proof is used up. */
export class LetIn {
  readonly #allowed = new WeakMap<object, { gateway: Gateway; allowed: Allowed }>();

  find(request: object, gateway: Gateway): Allowed | undefined {
    const found = this.#allowed.get(request);
    return found?.gateway === gateway ? found.allowed : undefined;
  }

  note(request: object, gateway: Gateway, allowed: Allowed): void {
    this.#allowed.set(request, { gateway, allowed });
  }
}
