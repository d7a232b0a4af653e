import type { MiddlewareHandler } from 'hono';
import { type Auth, authOf, gatewayOf, LetIn } from './adapter.ts';
import type { Gateway } from './gateway.ts';
import type { GatewayOptions } from './options.ts';
import type { Requirements } from './types.ts';

export type { Auth } from './adapter.ts';
export * from './index.ts';

/** `new Hono<PosternEnv>()` knows of `c.get('auth')`. */
export interface PosternEnv {
  Variables: { auth: Auth };
}

const letIn = new LetIn();

/**
 * Middleware that lets in requests with a good token, and sets `c.get('auth')`; others are answered.
 *
 * @param given a gateway that routes share, or options
 * @param requirements of these routes; a second `postern` with the same gateway checks only these
 */
export function postern(
  given: Gateway | GatewayOptions,
  requirements: Requirements = {},
): MiddlewareHandler<PosternEnv> {
  const gateway = gatewayOf(given);
  return async (c, next) => {
    const { method, url, headers } = c.req.raw;
    // Hono makes the address from the Host header, of which nothing may depend.
    const target = url.replace(/^https?:\/\/[^/?#]*/i, '') || '/';
    const before = letIn.find(c.req.raw, gateway);
    const outcome =
      before === undefined
        ? await gateway.verify({ method, url: target, headers }, requirements)
        : gateway.require(before, requirements);
    if (!outcome.ok) return new Response(outcome.body, { status: outcome.status, headers: outcome.headers });
    letIn.note(c.req.raw, gateway, outcome);
    c.set('auth', authOf(outcome));
    await next();
    for (const [name, value] of Object.entries(outcome.headers)) c.header(name, value);
    return undefined;
  };
}
