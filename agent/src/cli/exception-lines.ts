import type { ExceptionView } from '@postern/shared/protocol/exception';
import { type Instant, sayDuration, second } from '@postern/shared/time';
import { plain } from './plain.ts';
import { sayWhen } from './say-time.ts';

/** An exception in a few lines for people. */
export function sayException(exception: ExceptionView, now: Instant): string[] {
  const scope = exception.resources.length === 0 ? '' : ` for ${exception.resources.join(', ')}`;
  return [
    `${exception.id}: ${exception.rules.join(', ')}${scope}`,
    stateOf(exception, now),
    `Reason: ${exception.justification}`,
  ].map((line, index) => `${index === 0 ? '' : '  '}${plain(line)}`);
}

function stateOf(exception: ExceptionView, now: Instant): string {
  const { state, live, expiresAt, lapsesAt, endedAt, endedReason, durationSeconds, approvalsNeeded, decisions } =
    exception;
  if (state === 'active' && expiresAt !== null) {
    return live
      ? `⧗ Excepted, ends ${sayWhen(expiresAt, now)}`
      : `Approved, but it waives nothing now; ends ${sayWhen(expiresAt, now)}`;
  }
  if (state === 'pending') {
    const approvals = decisions.filter(({ verdict }) => verdict === 'approve').length;
    return `Waits for an approval (${approvals} of ${approvalsNeeded}), for ${sayDuration(durationSeconds * second)}; lapses ${sayWhen(lapsesAt, now)}`;
  }
  const reason = endedReason === null ? '' : `: ${endedReason}`;
  const when = endedAt === null ? '' : ` ${sayWhen(endedAt, now)}`;
  return `${state[0]?.toUpperCase() ?? ''}${state.slice(1)}${when}${reason}`;
}
