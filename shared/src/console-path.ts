/** Only its shape matters: no address that is made with it is ever fetched. */
const place = 'https://console.invalid/console';

/**
 * Where in the console to go on after a sign-in: a path with its query, below `/console`, or its beginning. The text may come
 * from a link that somebody else wrote: what would lead anywhere else, however it is spelt, leads nowhere.
 */
export function consolePath(text: string | undefined): string {
  if (text === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes('\\')) return '/';
  const url = URL.parse(place + text);
  if (url === null || url.origin !== new URL(place).origin || !url.pathname.startsWith('/console/')) return '/';
  const path = url.pathname.slice('/console'.length);
  // Browsers read two slashes as a host; a path that resolves to them was no path of ours.
  return path.startsWith('//') ? '/' : path + url.search;
}
