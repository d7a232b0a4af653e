import { Fault } from '@postern/shared/protocol/errors';
import type { FailedCheck } from '@postern/shared/protocol/token';
import type { RuleStanding, Verdict } from '@postern/shared/protocol/verdict';
import { toNumericDate } from '@postern/shared/time';
import type { Rulebook } from '../policy/index.ts';
import type { Granted, Refused } from './decide.ts';
import type { Attempt } from './refusals.ts';

/** Says which rules stand in the way, by when, and where the fix is; or in which roles access is to be asked for, and where. */
export function explainRefusal(
  refused: Refused,
  about: { issuer: string; resource: string; rulebook: Pick<Rulebook, 'access'>; attempt: Attempt },
): Fault {
  if (refused.code !== 'access_required') return explainPosture(refused, about);
  const roles = about.rulebook.access.get(about.resource)?.roles ?? [];
  return new Fault(refused.code, { members: { resource: about.resource, roles, ask: consoleOf(about.issuer) } });
}

/** Says which rules stand in the way, by when, and where the fix is. */
export function explainPosture({ code, verdict }: Refused, about: { issuer: string; attempt: Attempt }): Fault {
  if (verdict === null && code !== 'never_attested') return new Fault(code);
  const failed = failedChecksOf(verdict);
  about.attempt.rules = failed.map(({ rule }) => rule);
  return new Fault(code, {
    members: {
      posture_status: verdict?.status ?? 'never-attested',
      failed_checks: failed,
      remediation_uri: consoleOf(about.issuer),
    },
  });
}

/** Says why a token that was granted is less than was asked for: with which posture, and the rules that do not pass. */
export function explainUnmet({ verdict, evidence }: Granted, about: { issuer: string; attempt: Attempt }): Fault {
  const failed = failedChecksOf(verdict, unfine);
  about.attempt.rules = failed.map(({ rule }) => rule);
  return new Fault('authentication_requirements_unmet', {
    members: {
      posture_status: verdict.status,
      posture_at: toNumericDate(evidence.receivedAt),
      failed_checks: failed,
      remediation_uri: consoleOf(about.issuer),
    },
  });
}

/** What keeps a device from the best class. */
const unfine: readonly RuleStanding[] = ['blocked', 'excepted', 'grace'];

function consoleOf(issuer: string): string {
  return `${issuer}/console/`;
}

function failedChecksOf(verdict: Verdict | null, standings: readonly RuleStanding[] = ['blocked']): FailedCheck[] {
  const blocked = (verdict?.rules ?? []).filter(({ standing }) => standings.includes(standing));
  return blocked.map(({ policy, rule, title, outcome, expected, observed, reason, since, deadline, fix }) => ({
    rule: `${policy}/${rule}`,
    title,
    outcome,
    expected,
    observed,
    reason,
    since,
    deadline,
    fix,
  }));
}
