import { connect } from 'node:http2';
import { request } from 'node:https';
import { finish, type RawAnswer } from './raw-http.ts';

export interface SentRequest {
  method?: string;
  /** With query, sent as it is. */
  path?: string;
  /** A name may come twice. */
  headers?: [name: string, value: string][];
  body?: string;
}

/** What clients call the application. */
export const applicationName = 'app.example';

/**
 * Sends a request to the application's name, whose address is the gateway at that port; the certificate is checked.
 *
 * @returns with status 0 when the connection ended without an answer
 */
export function sendToGateway(
  { port, authority }: { port: number; authority: string },
  { method = 'GET', path = '/', headers = [], body }: SentRequest,
): Promise<RawAnswer> {
  const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  const sent = request({
    host: '127.0.0.1',
    servername: applicationName,
    ca: authority,
    port,
    method,
    path,
    agent: false,
    headers: ['Host', applicationName, 'Connection', 'close', ...length, ...headers.flat()],
  });
  return finish(sent, body).catch(() => ({ status: 0, headers: {}, text: '' }));
}

/** The same over HTTP/2; resolves to the status, 0 when there was no answer. */
export function sendOverHttp2(
  { port, authority }: { port: number; authority: string },
  { method = 'GET', path = '/', headers = [] }: SentRequest,
): Promise<number> {
  return new Promise((resolve) => {
    const session = connect(`https://127.0.0.1:${port}`, { ca: authority, servername: applicationName });
    const end = (status: number) => {
      session.destroy();
      resolve(status);
    };
    session.on('error', () => end(0));
    const pseudo = { ':method': method, ':path': path, ':scheme': 'https', ':authority': applicationName };
    const stream = session.request({ ...Object.fromEntries(headers), ...pseudo });
    stream.on('response', ({ ':status': status }) => stream.resume().on('end', () => end(status ?? 0)));
    stream.on('error', () => end(0));
    stream.end();
  });
}
