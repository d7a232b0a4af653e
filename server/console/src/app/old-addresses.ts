/**
 * Addresses that were given out before the console had paths (`/console/#/exceptions/{id}` in mails and notices): they keep
 * working. `#sign-in=` stays as it is: a browser keeps what stands behind `#` from servers, and the sign-in screen reads it.
 */
export function redirectOldAddress(place: Location = location, history: History = globalThis.history): void {
  const [, path] = /^#(\/[\w/-]+)$/.exec(place.hash) ?? [];
  if (path !== undefined) history.replaceState(null, '', `/console${path}`);
  else if (place.hash.startsWith('#sign-in=')) history.replaceState(null, '', `/console/sign-in${place.hash}`);
}
