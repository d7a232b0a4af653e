import { pollAnswerSchema, pollRequestSchema } from '@postern/shared/protocol/signal';
import { asGateway } from '../http/caller.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { poll, type PollDeps } from './poll.ts';
import { scopeErrors } from './stream-routes.ts';

/** `POST /ssf/poll` (RFC 8936): takes acknowledgements and hands out what waits, or waits for it. */
export function pollRoute(deps: PollDeps): AnyRoute {
  return defineRoute({
    method: 'POST',
    path: '/ssf/poll',
    summary: 'Acknowledge signals and get the next ones; waits up to 30 s for one unless told not to',
    audience: 'gateway',
    rate: 'gateway',
    body: { type: 'json', schema: pollRequestSchema },
    replies: { 200: pollAnswerSchema },
    errors: [...scopeErrors, 'not_found'],
    async handle({ body, caller, now }) {
      return { status: 200, body: await poll(deps, asGateway(caller).id, body, now) };
    },
  });
}
