import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
}

/** An HTTP server on this machine that keeps what it was sent and answers as it is told. */
export async function startReceiver(
  t: Pick<TestContext, 'after'>,
  answer: (received: Received, response: ServerResponse) => void = (_received, response) => void response.end('ok'),
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      const one = { headers: request.headers, body, path: request.url ?? '' };
      received.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, port, received };
}

/** What was received, once the library of the standard has found it signed with this secret, and lately. Throws otherwise. */
export function verified<Body>(secret: string, { body, headers }: Received): Body {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as Body;
}
