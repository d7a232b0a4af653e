/**
 * Reads `Authorization: Basic` as OAuth clients send it: id and secret are form-encoded each before they are joined
 * (RFC 6749 section 2.3.1). Undefined for anything else.
 */
export function readBasicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^basic ([a-z0-9+/]{1,1024}={0,2})$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  try {
    return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
