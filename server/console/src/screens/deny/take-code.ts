let taken: string | undefined;

/** The code behind `#`. It must not stay in the address bar or in the history, and is there only once. */
export function takeCode(place: Location = location, past: History = history): string {
  if (place.hash.length > 1) {
    taken = place.hash.slice(1);
    past.replaceState(past.state, '', place.pathname);
  }
  return taken ?? '';
}
