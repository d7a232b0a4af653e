import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { type Auth, authOf, gatewayOf, GatewayError, headersOf, LetIn } from './adapter.ts';
import type { Gateway } from './gateway.ts';
import type { GatewayOptions } from './options.ts';
import type { Requirements } from './types.ts';

export { type Auth, GatewayError } from './adapter.ts';
export * from './index.ts';

/** A request that `postern` let in. */
export type AuthenticatedRequest = Request & { auth: Auth };

const letIn = new LetIn();

/**
 * Middleware that lets in requests with a good token, and sets `req.auth`. Others become an error with `status` and
 * `headers`, which Express answers with; `answerDenied` adds the body.
 *
 * @param given a gateway that routes share, or options
 * @param requirements of these routes; a second `postern` with the same gateway checks only these
 */
export function postern(given: Gateway | GatewayOptions, requirements: Requirements = {}): RequestHandler {
  const gateway = gatewayOf(given);
  return async (req, res, next) => {
    try {
      const before = letIn.find(req, gateway);
      const outcome =
        before === undefined
          ? await gateway.verify({ method: req.method, url: req.originalUrl, headers: headersOf(req) }, requirements)
          : gateway.require(before, requirements);
      if (!outcome.ok) throw new GatewayError(outcome);
      letIn.note(req, gateway, outcome);
      res.set(outcome.headers);
      Object.assign(req, { auth: authOf(outcome) });
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
}

/** Answers a denial as JSON with its reason; leaves other errors alone. */
export const answerDenied: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (error instanceof GatewayError && !res.headersSent) res.status(error.status).set(error.headers).send(error.body);
  else next(error);
};

/** What `postern` found out about a request. @throws TypeError where no `postern` stands before the handler */
export function auth(req: Request): Auth {
  const found = (req as Partial<AuthenticatedRequest>).auth;
  if (found === undefined) throw new TypeError('No postern() stands before this handler.');
  return found;
}
