import type { Instant } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { Deps } from '../deps.ts';
import { openRuleReviews } from '../reviews/index.ts';
import { insert, updateAny, updateOne } from '../storage/change.ts';
import { ConflictError, type Unit } from '../storage/store.ts';
import { changeFlags, type Finding, type FlagData, type OpenFlag } from './flags.ts';
import { keptReportsOf } from './kept-reports.ts';
import { reportKinds } from './reports.ts';

export type WatchDeps = Pick<Deps, 'store' | 'policies' | 'random' | 'config'>;

/** What the thresholds count within. */
const watchedDays = 30;

/**
 * Opens a flag wherever a threshold is crossed, and closes those of what is over. Rules with many exceptions are given to
 * somebody to review. Safe on several nodes: a database constraint lets one open it.
 */
export async function watchForAbuse(deps: WatchDeps, now: Instant): Promise<void> {
  const { read } = deps.store;
  const found = await readFindings(deps, now);
  const rows = await read.selectFrom('abuse_flags').selectAll().where('closed_at', 'is', null).execute();
  const open = rows.map((row): OpenFlag => ({
    kind: row.kind,
    subject: row.subject,
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    sentence: row.sentence,
  }));
  const changes = changeFlags(open, found, now);
  const units = [
    ...changes.open.map((finding) => openUnit(finding, now)),
    ...changes.close.map((flag) => closeUnit(flag, now)),
    { changes: changes.refresh.map((finding) => refreshChange(finding, now)), audit: [] },
  ].filter((unit) => unit.changes.length > 0);
  await Promise.all(units.map((unit) => unlessTaken(() => deps.store.commit(unit))));
  const strict = found.filter(({ kind }) => kind === 'exception-rate');
  await openRuleReviews(
    deps,
    strict.map(({ subject, sentence }) => ({ rule: subject, reason: sentence })),
    now,
  );
}

async function readFindings(deps: WatchDeps, now: Instant): Promise<Finding[]> {
  const { result } = await keptReportsOf(deps)(watchedDays).renew(now);
  return result.reports
    .filter(({ name }) => reportKinds[name].alerts)
    .flatMap(({ name, rows }) =>
      rows
        .filter(({ flagged }) => flagged)
        .map(({ subject, about, values, sentence }) => ({ kind: name, subject, about, values, sentence })),
    );
}

function openUnit({ kind, subject, about, values, sentence }: Finding, now: Instant): Unit {
  const data: FlagData = { about, values };
  const row = { kind, subject, opened_at: now, seen_at: now, closed_at: null, sentence, data: JSON.stringify(data) };
  return {
    changes: [insert('abuse_flags', row)],
    audit: [
      {
        at: now,
        type: 'abuse.flagged',
        outcome: 'success',
        actor: systemActor,
        subject: { kind: 'abuse', id: subject },
        data: { kind, sentence, about: about.map((each) => ({ ...each })), values: { ...values } },
      },
    ],
  };
}

function refreshChange(
  { kind, subject, openedAt, about, values, sentence }: Finding & { openedAt: Instant },
  now: Instant,
) {
  const data: FlagData = { about, values };
  return updateAny(
    'abuse_flags',
    { kind, subject, opened_at: openedAt, closed_at: null },
    { seen_at: now, sentence, data: JSON.stringify(data) },
  );
}

function closeUnit({ kind, subject, openedAt, seenAt }: OpenFlag, now: Instant): Unit {
  const where = { kind, subject, opened_at: openedAt, seen_at: seenAt, closed_at: null };
  return {
    changes: [updateOne('abuse_flags', where, { closed_at: now })],
    audit: [
      {
        at: now,
        type: 'abuse.cleared',
        outcome: 'success',
        actor: systemActor,
        subject: { kind: 'abuse', id: subject },
        data: { kind, openedAt },
      },
    ],
  };
}

/** Another node was faster: what it did is what this one would have done. */
async function unlessTaken(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
  }
}
