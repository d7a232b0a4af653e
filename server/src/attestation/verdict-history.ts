import { canonicalJson } from '@postern/shared/canonical';
import type { Verdict } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import type { AuditEvent } from '../audit/event.ts';
import { type Change, insert } from '../storage/change.ts';

/** What the history keeps of a verdict: its status, and canonical JSON of rule to {outcome, standing}. */
export interface RecordedVerdict {
  status: string;
  rules: string;
}

/** The row and the audit entry of a verdict that says something else than the last one; nothing when it says the same. */
export function verdictRecord(
  last: RecordedVerdict | null,
  verdict: Verdict,
  about: { id: string; deviceId: string; seq: number },
  now: Instant,
): { changes: Change[]; audit: AuditEvent[] } {
  const rules = canonicalJson(
    Object.fromEntries(
      verdict.rules.map(({ policy, rule, outcome, standing }) => [`${policy}/${rule}`, { outcome, standing }]),
    ),
  );
  if (last !== null && last.status === verdict.status && last.rules === rules) return { changes: [], audit: [] };
  const inTheWay = verdict.rules.filter(({ standing }) => standing !== 'fine' && standing !== 'not-applicable');
  return {
    changes: [
      insert('verdicts', {
        id: about.id,
        device_id: about.deviceId,
        at: now,
        seq: about.seq,
        status: verdict.status,
        policies: JSON.stringify(verdict.policies),
        rules,
      }),
    ],
    audit: [
      {
        at: now,
        type: 'verdict.changed',
        outcome: 'success',
        actor: { kind: 'device', id: about.deviceId },
        subject: { kind: 'device', id: about.deviceId },
        data: {
          seq: about.seq,
          from: last?.status ?? null,
          to: verdict.status,
          rules: Object.fromEntries(inTheWay.map(({ policy, rule, standing }) => [`${policy}/${rule}`, standing])),
        },
      },
    ],
  };
}
