/**
 * `__Host-` ties a cookie to this host and to TLS; on plain loopback browsers would refuse that prefix, so there it goes
 * without.
 */
function nameOf(issuer: string, name: string): string {
  return issuer.startsWith('https:') ? `__Host-${name}` : name;
}

/** Lax, not Strict: who follows a link in a mail, or comes back from their identity provider, is signed in. */
function attributes(issuer: string): string {
  return `Path=/; HttpOnly; SameSite=Lax${issuer.startsWith('https:') ? '; Secure' : ''}`;
}

export function setCookie(issuer: string, name: string, value: string, lifeMs: number): string {
  return `${nameOf(issuer, name)}=${value}; ${attributes(issuer)}; Max-Age=${lifeMs / 1000}`;
}

/** A value of a Cookie header. A name given twice is refused: which one counts is not for us to guess. */
export function cookieOf(issuer: string, name: string, cookie: string | undefined): string | undefined {
  const start = `${nameOf(issuer, name)}=`;
  const values = (cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(start));
  return values.length === 1 ? values[0]?.slice(start.length) : undefined;
}
