import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { type Auth, authOf, gatewayOf, GatewayError, headersOf, LetIn } from './adapter.ts';
import type { Gateway } from './gateway.ts';
import type { GatewayOptions } from './options.ts';
import type { Requirements } from './types.ts';

export { type Auth, GatewayError } from './adapter.ts';
export * from './index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null only where `postern` is not registered. */
    auth: Auth | null;
  }
}

const letIn = new LetIn();

async function judge(gateway: Gateway, request: FastifyRequest, reply: FastifyReply, requirements: Requirements) {
  const before = letIn.find(request, gateway);
  const { method, originalUrl: url, raw } = request;
  const outcome =
    before === undefined
      ? await gateway.verify({ method, url, headers: headersOf(raw) }, requirements)
      : gateway.require(before, requirements);
  if (!outcome.ok) throw new GatewayError(outcome);
  letIn.note(request, gateway, outcome);
  reply.headers(outcome.headers);
  request.auth = authOf(outcome);
}

/**
 * Plugin: every route of the instance that it is registered with, and of those below, needs a good token, and finds
 * `request.auth`. A denial is an error with `statusCode` and `headers`, which Fastify answers with.
 */
export const postern = Object.assign(
  async (instance: FastifyInstance, options: { gateway: Gateway | GatewayOptions } & Requirements) => {
    const { gateway: given, ...requirements } = options;
    const gateway = gatewayOf(given);
    instance.decorateRequest('auth', null);
    instance.addHook('onRequest', (request, reply) => judge(gateway, request, reply, requirements));
    if (gateway !== given) instance.addHook('onClose', () => gateway.close());
  },
  // What fastify-plugin does: without it the hook would hold for no route but those of the plugin itself.
  { [Symbol.for('skip-override')]: true, [Symbol.for('fastify.display-name')]: 'postern' },
);

/** Further demands of one route: `{ preHandler: requires(gateway, { roles: ['admin'] }) }`. */
export function requires(gateway: Gateway, requirements: Requirements): preHandlerAsyncHookHandler {
  return (request, reply) => judge(gateway, request, reply, requirements);
}
