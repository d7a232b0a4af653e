import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it reached the application. */
export interface ReachedRequest {
  method: string;
  path: string;
  /** As they came, names and all. */
  headers: [name: string, value: string][];
  body: string;
}

/** A small application behind a gateway, which remembers what reached it. */
export interface RecordingApplication {
  port: number;
  /** What reached it since this was last asked. */
  taken(): ReachedRequest[];
}

export async function startRecordingApplication(t: { after(clean: () => void): void }): Promise<RecordingApplication> {
  let reached: ReachedRequest[] = [];
  // An application that takes long headers: what does not reach it, somebody else has stopped.
  const server = createServer({ maxHeaderSize: 131_072 }, (incoming, answer) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    incoming.on('end', () => {
      const { method = '', url = '', rawHeaders } = incoming;
      const names = rawHeaders.filter((_, index) => index % 2 === 0);
      const headers = names.map((name, index): [string, string] => [name, rawHeaders[index * 2 + 1] ?? '']);
      reached.push({ method, path: url, headers, body });
      answer.writeHead(200, { 'content-type': 'text/plain' }).end('the application');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    taken: () => {
      const taken = reached;
      reached = [];
      return taken;
    },
  };
}

const about = /^(x-auth-request-|x-posture-|remote-|oidc-|authorization$|dpop$|postern-)/;

/**
 * What the application learns of who asks, and every token that it could lose: names as programs read them that make no
 * difference between - and _ (CGI, WSGI, PHP). What is empty says nothing.
 */
export function toldAbout({ headers }: ReachedRequest): Record<string, string> {
  const told: Record<string, string> = {};
  for (const [name, value] of headers) {
    const read = name.toLowerCase().replaceAll('_', '-');
    if (about.test(read) && value !== '') told[read] = told[read] === undefined ? value : `${told[read]}, ${value}`;
  }
  return told;
}
