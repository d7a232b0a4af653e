import type { ExceptionView } from '@postern/shared/protocol/exception';
import { type Instant, sayDuration, second } from '@postern/shared/time';
import { plain } from './plain.ts';
import { sayMoment, sayWhen } from './say-time.ts';

/** An exception, or temporary access, in a few lines for people. */
export function sayException(exception: ExceptionView, now: Instant): string[] {
  return [`${exception.id}: ${scopeOf(exception)}`, stateOf(exception, now), `Reason: ${exception.justification}`].map(
    (line, index) => `${index === 0 ? '' : '  '}${plain(line)}`,
  );
}

function scopeOf({ kind, role, rules, resources, emergency }: ExceptionView): string {
  const urgent = emergency ? ', in an emergency' : '';
  if (kind === 'access') return `access to ${resources.join(', ')} as ${role ?? 'somebody'}${urgent}`;
  return `${rules.join(', ')}${resources.length === 0 ? '' : ` for ${resources.join(', ')}`}${urgent}`;
}

function stateOf(exception: ExceptionView, now: Instant): string {
  const { kind, state, live, beginsAt, expiresAt, lapsesAt, endedAt, endedReason, durationSeconds } = exception;
  const lasting = `for ${sayDuration(durationSeconds * second)}`;
  if (state === 'active' && expiresAt !== null) {
    if (!live) return `Approved, but it waives nothing now; ends ${sayWhen(expiresAt, now)}`;
    return `⧗ ${kind === 'access' ? 'Open' : 'Excepted'}, ends ${sayWhen(expiresAt, now)}`;
  }
  if (state === 'scheduled' && beginsAt !== null) return `Approved, begins ${sayWhen(beginsAt, now)}, ${lasting}`;
  if (state === 'approved' && expiresAt !== null)
    return `Approved, ${lasting} from the first use; use it before ${sayMoment(expiresAt)}`;
  if (state === 'pending') return `Waits for ${whomFor(exception)}, ${lasting}; lapses ${sayWhen(lapsesAt, now)}`;
  const reason = endedReason === null ? '' : `: ${endedReason}`;
  const when = endedAt === null ? '' : ` ${sayWhen(endedAt, now)}`;
  return `${state[0]?.toUpperCase() ?? ''}${state.slice(1)}${when}${reason}`;
}

/** The first stage that has not enough approvals, where the stages say whom they ask. */
function whomFor({ stages, decisions, approvalsNeeded }: ExceptionView): string {
  const open = stages.find(({ given, approvals }) => given < approvals);
  if (stages.length > 1 && open !== undefined) return `${open.title} (${open.given} of ${open.approvals})`;
  const approvals = decisions.filter(({ verdict }) => verdict === 'approve').length;
  return `an approval (${approvals} of ${approvalsNeeded})`;
}
