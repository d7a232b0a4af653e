import type { Request } from '../../http/route.ts';

/** What is known of the browser that signs somebody in. */
export type Browser = Pick<Request<unknown, unknown, unknown>, 'header' | 'remoteAddress'>;

const longest = 256;

/** How the browser names itself, for its owner to know it by. It is text from outside: cut, and without control characters. */
export function userAgentOf({ header }: Browser): string | null {
  const text = (header('user-agent') ?? '').replaceAll(/[^\x20-\x7e]/g, '').trim();
  return text === '' ? null : text.slice(0, longest);
}
