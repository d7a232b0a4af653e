import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type ApiAnswer, callJson } from './api.ts';

/** A Security Event Token as its receiver sees it, after checking what SSF 1.0 says is to be checked. */
export interface Heard {
  jti: string;
  /** The last part of the event's address. */
  type: string;
  txn: string | undefined;
  device: string | undefined;
  user: string | undefined;
  session: string | undefined;
  event: Record<string, unknown>;
  at: number;
}

export interface Receiver {
  heard: Heard[];
  /** What was no good: none of it is in `heard`. */
  refused: string[];
  stop(): Promise<void>;
}

export interface GatewayAccount {
  id: string;
  secret: string;
}

const basic = ({ id, secret }: GatewayAccount) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** A receiver's own checks: no product code, so that it would notice a change of the wire. */
async function createReader(url: string, audience: string) {
  const answer = await fetch(`${url}/.well-known/ssf-configuration`);
  const { jwks_uri: place } = (await answer.json()) as { jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(place), { cooldownDuration: 1000 });
  return async (token: string): Promise<Heard> => {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: url,
      audience,
      typ: 'secevent+jwt',
      algorithms: ['RS256'],
      requiredClaims: ['jti', 'iat'],
    });
    if (protectedHeader.kid === undefined) throw new Error('names no key');
    if ('sub' in payload || 'exp' in payload) throw new Error('has sub or exp');
    const { sub_id: subject, events } = payload as {
      sub_id: { format: string } & Record<string, { sub?: string; id?: string }>;
      events: Record<string, Record<string, unknown>>;
    };
    const [[uri, event] = ['', {}], ...more] = Object.entries(events);
    if (more.length > 0) throw new Error('has more than one event');
    return {
      jti: payload.jti ?? '',
      type: uri.replace(/^.*\//, ''),
      txn: payload['txn'] as string | undefined,
      device: subject['device']?.sub,
      user: subject['user']?.sub,
      session: subject['session']?.id,
      event,
      at: Date.now(),
    };
  };
}

/** Calls the management API of streams as that gateway. */
export function manage(
  url: string,
  account: GatewayAccount,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer> {
  return callJson(url + path, { method, headers: { authorization: basic(account) }, body });
}

/** Makes a stream and polls it, one long poll after the other, until it is stopped; goes on where the server did not answer. */
export async function startPolling(url: string, account: GatewayAccount): Promise<Receiver & { stream: string }> {
  const made = await manage(url, account, 'POST', '/ssf/streams', {});
  if (made.status !== 201) throw new Error(`no stream: ${JSON.stringify(made.body)}`);
  const read = await createReader(url, account.id);
  const heard: Heard[] = [];
  const refused: string[] = [];
  const life = { ended: false, controller: new AbortController() };
  const polling = (async () => {
    let ack: string[] = [];
    while (!life.ended) {
      try {
        const answer = await fetch(`${url}/ssf/poll`, {
          method: 'POST',
          headers: { authorization: basic(account), 'content-type': 'application/json' },
          body: JSON.stringify({ ack }),
          signal: life.controller.signal,
        });
        if (!answer.ok) throw new Error(await answer.text());
        const { sets } = (await answer.json()) as { sets: Record<string, string> };
        ack = Object.keys(sets);
        for (const token of Object.values(sets)) await hear(read, token, heard, refused);
      } catch {
        // The server is away. What was not acknowledged comes again.
        await wait(25);
      }
    }
  })();
  return {
    stream: String(made.body['stream_id']),
    heard,
    refused,
    async stop() {
      life.ended = true;
      life.controller.abort();
      await polling;
    },
  };
}

/** Makes a stream that is pushed to a server on this machine. */
export async function startPushed(url: string, account: GatewayAccount): Promise<Receiver & { stream: string }> {
  const read = await createReader(url, account.id);
  const heard: Heard[] = [];
  const refused: string[] = [];
  const authorization = 'Bearer what-the-receiver-wants-to-see';
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const isRight =
        request.method === 'POST' &&
        request.headers['content-type'] === 'application/secevent+jwt' &&
        request.headers.authorization === authorization;
      if (!isRight) {
        refused.push(`${request.method} ${request.headers['content-type']}`);
        response.writeHead(401).end();
        return;
      }
      void hear(read, body, heard, refused).then((isGood) => {
        if (isGood) response.writeHead(202).end();
        else response.writeHead(400, { 'content-type': 'application/json' }).end('{"err":"invalid_request"}');
      });
    });
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const made = await manage(url, account, 'POST', '/ssf/streams', {
    delivery: {
      method: 'urn:ietf:rfc:8935',
      endpoint_url: `http://127.0.0.1:${port}/events`,
      authorization_header: authorization,
    },
  });
  if (made.status !== 201) throw new Error(`no stream: ${JSON.stringify(made.body)}`);
  return {
    stream: String(made.body['stream_id']),
    heard,
    refused,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function hear(
  read: (token: string) => Promise<Heard>,
  token: string,
  heard: Heard[],
  refused: string[],
): Promise<boolean> {
  try {
    heard.push(await read(token));
    return true;
  } catch (error) {
    refused.push(error instanceof Error ? error.message : String(error));
    return false;
  }
}
