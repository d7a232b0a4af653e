/** A wish for an attestation now, from a signal of the system. Several wishes before it is served are one. */
export interface Kick {
  /** Aborted as soon as somebody wishes. */
  readonly signal: AbortSignal;
  now(): void;
  /** The wish is being served: what comes from here on is a new one. */
  reset(): void;
}

export function createKick(): Kick {
  let controller = new AbortController();
  return {
    get signal() {
      return controller.signal;
    },
    now: () => controller.abort(),
    reset() {
      controller = new AbortController();
    },
  };
}
