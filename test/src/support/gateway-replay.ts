import { request as plainRequest } from 'node:http';
import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Certificates } from './gateway-certificates.ts';
import type { RunningGateway } from './gateway-process.ts';
import { finish, type RawAnswer } from './raw-http.ts';

export type HeaderPairs = [name: string, value: string][];

export interface ReplayedRequest {
  method: string;
  path: string;
  /** With Host. */
  headers: HeaderPairs;
  body?: string;
}

/** What a proxy does with a request: it answers by itself, or sends it on, and adds headers to the answer that it gets. */
export type Replay = (
  request: ReplayedRequest,
) => Promise<{ answer: RawAnswer } | { to: string; forward: ReplayedRequest; added?: RawAnswer['headers'] }>;

/**
 * Stands where a proxy would that cannot run here, and does what its documentation says that it does. It shows that the
 * configuration and Postern fit together as documented, and nothing about the proxy.
 */
export async function startReplay(
  t: { after(clean: () => void): void },
  { certificate, key }: Certificates,
  replay: Replay,
): Promise<RunningGateway> {
  let log = '';
  const options = { cert: readFileSync(certificate), key: readFileSync(key), maxHeaderSize: 32_768 };
  const server = createServer(options, (incoming, answer) => {
    const { method = '', url = '', rawHeaders } = incoming;
    const names = rawHeaders.filter((_, index) => index % 2 === 0);
    const headers = names.map((name, index): [string, string] => [name, rawHeaders[index * 2 + 1] ?? '']);
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      pass({ method, path: url, headers, body }).catch((error: unknown) => {
        log += `${String(error)}\n`;
        answer.writeHead(500).end();
      });
    });
    const pass = async (request: ReplayedRequest) => {
      const done = await replay(request);
      const got = 'answer' in done ? done.answer : await exchange(done.to, done.forward);
      const kept = Object.entries(got.headers).filter(
        ([name]) => !/^(transfer-encoding|connection|keep-alive)$/.test(name),
      );
      answer.writeHead(got.status, { ...Object.fromEntries(kept), ...('added' in done ? done.added : {}) });
      answer.end(got.text);
    };
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, log: () => log };
}

/** Sends a request as it is, to the host and port of the address. */
export function exchange(address: string, request: ReplayedRequest, timeout = 2000): Promise<RawAnswer> {
  const { hostname, port } = new URL(address);
  const { method, path, body = '' } = request;
  const headers = request.headers.filter(([name]) => !/^(content-length|connection)$/i.test(name));
  const length: HeaderPairs = [['Content-Length', String(Buffer.byteLength(body))]];
  const sent = plainRequest({ hostname, port, method, path, agent: false, headers: [...headers, ...length].flat() });
  sent.setTimeout(timeout, () => sent.destroy(new Error('no answer in time')));
  return finish(sent, body);
}

export function without(headers: HeaderPairs, isGone: (name: string) => boolean): HeaderPairs {
  return headers.filter(([name]) => !isGone(name.toLowerCase()));
}

/** Each value of those headers of an answer. */
export function picked({ headers }: RawAnswer, isWanted: (name: string) => boolean): HeaderPairs {
  return Object.entries(headers)
    .filter(([name]) => isWanted(name))
    .flatMap(([name, value]) => [value ?? []].flat().map((each): [string, string] => [name, each]));
}
