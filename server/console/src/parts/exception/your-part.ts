import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { May } from '@postern/shared/protocol/evidence';
import { t } from '../../strings/index.ts';
import { peopleText } from '../mine/scope.ts';

const words = t.deciding.your;

/** What somebody has to do with a request that waits, in a sentence. Whether they may, the backend has said. */
export function yourPart(
  request: Pick<ExceptionView, 'person' | 'requestedBy' | 'stages'>,
  { approve, deny }: { approve: May; deny: May },
  myId: string,
): string {
  if (approve.may) return words.waits;
  if (approve.code === 'exception_state') return words.over;
  if (approve.code === 'self_approval') {
    if (request.person.id === myId) return words.itsYours;
    return request.requestedBy.id === myId ? words.youAsked : words.yourDevice;
  }
  if (approve.code === 'already_decided') return words.decided;
  if (deny.may) return words.mayDeny;
  const stage = request.stages.find(({ given, approvals }) => given < approvals);
  if (approve.code === 'approval_not_yours' && stage !== undefined) return words.notAsked(peopleText(stage));
  return approve.code === 'not_allowed' ? words.notDecider : (approve.sentence ?? words.notDecider);
}
