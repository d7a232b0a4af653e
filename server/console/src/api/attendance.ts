/** So long after the last sign of somebody, what a page asks is its own idea. */
const goneAfterMs = 2 * 60_000;
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

/** Whether somebody is at the page, as the backend is told. */
export interface Attendance {
  /** What tells the backend that nobody is here, so that a page left open keeps nobody signed in. */
  headers(): Record<string, string>;
}

/**
 * Whether somebody is at this page.
 *
 * @param page what hears their hands
 */
export function createAttendance(
  page: Pick<EventTarget, 'addEventListener'>,
  clock: () => number = Date.now,
): Attendance {
  let seenAt = clock();
  const see = () => {
    seenAt = clock();
  };
  for (const sign of signs) page.addEventListener(sign, see, { capture: true, passive: true });
  return { headers: () => (clock() - seenAt > goneAfterMs ? { 'postern-unattended': '1' } : {}) };
}
