import type { z } from 'zod';
import type { ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { Role } from '@postern/shared/protocol/admin';
import type { Instant } from '@postern/shared/time';
import type { Caller } from './caller.ts';

/** Who may call, and how they show it. `open` routes authenticate nobody (or do it themselves, as the token endpoint). */
export type Audience = 'open' | 'device' | 'gateway' | 'person';

/** Which limit counts the calls; config.ts has the figures. */
export type RateClass =
  | 'discovery'
  | 'console'
  | 'challenge'
  | 'enrollment'
  | 'attestation'
  | 'token'
  | 'gateway'
  | 'device'
  | 'sign-in'
  | 'admin';

export interface BodyRule<Body extends z.ZodType> {
  /** `form` refuses duplicate parameters; `jws` hands the raw text of a compact JWS over, typed by `mediaType`. */
  type: 'json' | 'form' | 'jws';
  mediaType?: string;
  schema: Body;
  /** Default 64 KiB. */
  maxBytes?: number;
}

export interface Request<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  caller: Caller;
  /** A header's one value; a header given twice was refused before. */
  header: (name: string) => string | undefined;
  method: string;
  /** The address as the caller sees it, without query and fragment: issuer and path. What `htu` must name. */
  url: string;
  remoteAddress: string;
  now: Instant;
}

export interface Reply {
  status: number;
  /** JSON; text or bytes when a content type is given in headers. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Instead of a body: text that is sent as it is made. Where it fails, the connection breaks off. */
  stream?: AsyncIterable<string>;
  /** Aborted where the stream cannot go on because nobody takes what was sent. */
  streamBroken?: AbortSignal;
}

/** One endpoint: all that is needed to serve, limit, document and test it. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> {
  /** `ANY` answers every method: the request is another's, who chose it. */
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'ANY';
  /** As in OpenAPI: `/v1/exceptions/{id}/withdraw`. `{*rest}` at its end takes whatever follows. */
  path: string;
  summary: string;
  audience: Audience;
  /** For audience `person`: any of these. */
  roles?: readonly Role[];
  rate: RateClass;
  params?: Params;
  query?: Query;
  body?: BodyRule<Body>;
  /** Answers by status, for the OpenAPI document. */
  replies: Record<number, z.ZodType | null>;
  errors: readonly ErrorCode[];
  /** Parts of the request that are another's: never read, and so never refused. */
  unread?: readonly ('body' | 'query')[];
  /** Says refusals in its own way, the adapter's too: for endpoints whose answers programs read that are not ours. Nothing: as always. */
  refuse?(fault: Fault, request: Pick<Request<unknown, unknown, unknown>, 'header' | 'now'>): Reply | undefined;
  handle(request: Request<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Reply>;
}

// The list of routes holds routes of all kinds of input; each was checked against its own schemas where it was defined.
export type AnyRoute = Route;

/** Keeps the types of params, query and body together while the list of routes forgets them. */
export function defineRoute<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  route: Route<Params, Query, Body>,
): AnyRoute {
  return route;
}
