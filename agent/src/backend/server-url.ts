import { isIPv4 } from 'node:net';
import { ServerUrlError } from './faults.ts';

/**
 * Reads the address of a backend: https, or plain http to this machine itself. Anything else over plain http
 * must be asked for, because whoever listens on the way could answer in the backend's place.
 *
 * @returns origin and path, without a slash at the end
 * @throws ServerUrlError
 */
export function parseServerUrl(text: string, insecureHttp: boolean): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ServerUrlError(`"${text}" is not an address. Write it like https://postern.example.com`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new ServerUrlError(`"${text}" is not an https address. Write it like https://postern.example.com`);
  }
  if (url.username !== '' || url.password !== '')
    throw new ServerUrlError('The address must not hold a name or a password.');
  if (url.search !== '' || url.hash !== '') throw new ServerUrlError('The address must end before "?" and "#".');
  if (url.protocol === 'http:' && !isLoopback(url) && !insecureHttp) {
    throw new ServerUrlError(
      'Plain http is accepted to this machine only. Use https, or say --insecure-http if the network between is all yours.',
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** RFC 6761 section 6.3 and RFC 1122 section 3.2.1.3: names and addresses that never leave the machine. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Whether a backend reached under `url` may call itself `issuer`. A backend that names another as the issuer would
 * receive proofs that are good at that other one, so only its own origin is believed; what listens on this machine
 * (a tunnel, a test) may stand for any.
 *
 * @param expected the issuer that the person named, if they did: then it must be exactly that
 * @throws ServerUrlError
 */
export function checkIssuer(url: string, issuer: string, expected: string | undefined): void {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(issuer)) {
    throw new ServerUrlError(`The backend at ${url} calls itself by something that is no address. Is it Postern?`);
  }
  if (expected !== undefined) {
    if (issuer === expected) return;
    throw new ServerUrlError(`The backend calls itself ${issuer}, not ${expected}.`);
  }
  if (isLoopback(new URL(url)) || (URL.canParse(issuer) && new URL(issuer).origin === new URL(url).origin)) return;
  throw new ServerUrlError(
    `The backend at ${url} calls itself ${issuer}. If that is right, ask an admin and say: --issuer ${issuer}`,
  );
}
