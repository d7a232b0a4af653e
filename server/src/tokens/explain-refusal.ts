import { Fault } from '@postern/shared/protocol/errors';
import type { FailedCheck } from '@postern/shared/protocol/token';
import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Rulebook } from '../policy/index.ts';
import type { Refused } from './decide.ts';
import type { Attempt } from './refusals.ts';

/** Says which rules stand in the way, by when, and where the fix is; or in which roles access is to be asked for, and where. */
export function explainRefusal(
  { code, verdict }: Refused,
  about: { issuer: string; resource: string; rulebook: Pick<Rulebook, 'access'>; attempt: Attempt },
): Fault {
  const console = `${about.issuer}/console/`;
  if (code === 'access_required') {
    const roles = about.rulebook.access.get(about.resource)?.roles ?? [];
    return new Fault(code, { members: { resource: about.resource, roles, ask: console } });
  }
  if (verdict === null && code !== 'never_attested') return new Fault(code);
  const failed = failedChecksOf(verdict);
  about.attempt.rules = failed.map(({ rule }) => rule);
  return new Fault(code, {
    members: {
      posture_status: verdict?.status ?? 'never-attested',
      failed_checks: failed,
      remediation_uri: console,
    },
  });
}

function failedChecksOf(verdict: Verdict | null): FailedCheck[] {
  const blocked = (verdict?.rules ?? []).filter(({ standing }) => standing === 'blocked');
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
