import type { ExceptionView } from '@postern/shared/protocol/exception';

/** `edited`: it is another request; `decided`: somebody voted it to its end; `over`: it ended otherwise; `moved`: it went on. */
export type Change = 'edited' | 'decided' | 'over' | 'moved';

type Seen = Pick<ExceptionView, 'requestHash' | 'state'>;

/** What has become of a request since somebody opened it, that they did not do themselves; null: nothing. */
export function changeSince(seen: Seen, now: Seen & Pick<ExceptionView, 'decisions'>, myId: string): Change | null {
  if (now.state === 'pending') return now.requestHash === seen.requestHash ? null : 'edited';
  if (now.state === seen.state) return null;
  if (seen.state !== 'pending') return 'moved';
  const last = now.decisions.at(-1);
  if (last === undefined || now.state === 'lapsed' || now.state === 'withdrawn') return 'over';
  return last.by.id === myId ? null : 'decided';
}
