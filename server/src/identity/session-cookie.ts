import { sessionLifeMs } from './sign-in.ts';

/**
 * The session cookie. `__Host-` ties it to this host and to TLS; on plain loopback browsers would
 * refuse that prefix, so there it goes without.
 */
function cookieName(issuer: string): string {
  return issuer.startsWith('https:') ? '__Host-postern' : 'postern';
}

function attributes(issuer: string): string {
  return `Path=/; HttpOnly; SameSite=Lax${issuer.startsWith('https:') ? '; Secure' : ''}`;
}

export function sessionCookie(issuer: string, session: string): string {
  return `${cookieName(issuer)}=${session}; ${attributes(issuer)}; Max-Age=${sessionLifeMs / 1000}`;
}

export function clearedCookie(issuer: string): string {
  return `${cookieName(issuer)}=; ${attributes(issuer)}; Max-Age=0`;
}

/** The session of a Cookie header. A name given twice is refused: which one counts is not for us to guess. */
export function sessionOf(issuer: string, cookie: string | undefined): string | undefined {
  const name = `${cookieName(issuer)}=`;
  const values = (cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(name));
  return values.length === 1 ? values[0]?.slice(name.length) : undefined;
}
