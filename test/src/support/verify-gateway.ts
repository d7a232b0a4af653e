import type { HttpDevice } from './http-device.ts';
import { type RawAnswer, sendRaw } from './raw-http.ts';

export type FamilyName = 'nginx' | 'forward' | 'envoy';

/** What a gateway of one family asks about, and what its client sent. */
export interface Question {
  method?: string;
  /** Address of the application as the client sees it. */
  url?: string;
  authorization?: string | undefined;
  proof?: string | undefined;
  /** What the operator wrote into the address. */
  query?: string;
  /** Headers of the client that the gateway passes on. */
  client?: [name: string, value: string][];
  /** Of the gateway; undefined: none. */
  credentials?: string | undefined;
  body?: string;
}

/** A gateway as its documentation says that it asks `/verify/…`. */
export class VerifyGateway {
  readonly #backend: string;
  readonly family: FamilyName;
  readonly credentials: string;

  constructor(backend: string, family: FamilyName, credentials: string) {
    this.#backend = backend;
    this.family = family;
    this.credentials = credentials;
  }

  ask(question: Question): Promise<RawAnswer> {
    const { method = 'GET', url = 'https://app.example/reports', query = '', client = [] } = question;
    const { authorization, proof, body } = question;
    const credentials = 'credentials' in question ? question.credentials : this.credentials;
    const common: [string, string][] = [
      ...(credentials === undefined ? [] : [['Postern-Gateway', credentials] as [string, string]]),
      ...(authorization === undefined ? [] : [['Authorization', authorization] as [string, string]]),
      ...(proof === undefined ? [] : [['DPoP', proof] as [string, string]]),
      ...client,
    ];
    const { scheme, host, target } = partsOf(url);
    switch (this.family) {
      case 'nginx':
        return sendRaw(this.#backend, {
          // auth_request asks with GET, whatever the client's method is.
          method: 'GET',
          path: `/verify/nginx${query}`,
          headers: [...common, ['X-Original-Method', method], ['X-Original-URL', url]],
          body,
        });
      case 'forward':
        return sendRaw(this.#backend, {
          method: 'GET',
          path: `/verify/forward${query}`,
          headers: [
            ...common,
            ['X-Forwarded-Method', method],
            ['X-Forwarded-Proto', scheme],
            ['X-Forwarded-Host', host],
            ['X-Forwarded-Uri', target],
          ],
          body,
        });
      case 'envoy':
        return sendRaw(this.#backend, {
          method,
          path: `/verify/envoy${target}`,
          headers: [...common, ['X-Forwarded-Proto', scheme]],
          host,
          body,
        });
    }
  }
}

function partsOf(url: string): { scheme: string; host: string; target: string } {
  const [, scheme = '', host = '', target = ''] = /^(\w+):\/\/([^/?#]*)(.*)$/.exec(url) ?? [];
  return { scheme, host, target: target === '' ? '/' : target };
}

/** A good proof of that device for a request to the application. */
export async function proofOf(
  device: HttpDevice,
  token: string,
  { method = 'GET', url = 'https://app.example/reports' }: Pick<Question, 'method' | 'url'> = {},
): Promise<string> {
  const call = { method, url: url.split(/[?#]/)[0] ?? '', nonce: await device.nonce(), now: device.place.clock.now() };
  return device.fake.dpopProof({ ...call, accessToken: token });
}
