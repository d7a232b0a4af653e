import { connect } from 'node:http2';
import { request } from 'node:https';

export interface SentRequest {
  method?: string;
  /** With query, sent as it is. */
  path?: string;
  /** A name may come twice. */
  headers?: [name: string, value: string][];
  body?: string;
}

export interface GatewayAnswer {
  /** 0 when the connection ended without an answer. */
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** What clients call the application. */
export const applicationName = 'app.example';

/** Sends a request to the application's name, whose address is the gateway at that port; the certificate is checked. */
export function sendToGateway(
  { port, authority }: { port: number; authority: string },
  { method = 'GET', path = '/', headers = [], body }: SentRequest,
): Promise<GatewayAnswer> {
  const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  return new Promise((resolve) => {
    const cut = () => resolve({ status: 0, headers: {}, text: '' });
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
    sent.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
      answer.on('error', cut);
    });
    sent.on('error', cut);
    sent.end(body);
  });
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
