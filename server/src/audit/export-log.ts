import { sha256 } from '@postern/shared/digest';
import { canonicalJson, type Json } from '@postern/shared/canonical';
import { type Instant, toTimestamp } from '@postern/shared/time';
import { version } from '../version.ts';
import { latestCheckpoint } from './checkpoints/checkpointer.ts';
import { readLogKey } from './checkpoints/log-key.ts';
import type { Actor } from './event.ts';
import { type FormatName, formats, writeExport } from './export/formats.ts';
import { writeLog } from './log-file/write-log.ts';
import { countMatching, readMatching } from './read.ts';
import type { AuditFilter } from './search/filter.ts';
import { type AuditDeps, stateOf } from './shared-state.ts';

export interface ExportWish {
  format: FormatName;
  filter: AuditFilter;
  /** Also what people wrote, where it was not erased. */
  withText: boolean;
}

export interface AuditExport {
  mediaType: string;
  fileName: string;
  entries: number;
  lines: AsyncGenerator<string>;
}

/**
 * Records that the audit is exported, by whom and what of it, and only then gives it. All of it as JSON Lines is what
 * `audit verify` proves without this server: everything in it is signed first.
 */
export async function exportLog(deps: AuditDeps, wish: ExportWish, actor: Actor, now: Instant): Promise<AuditExport> {
  const { store, config } = deps;
  const { format, filter, withText } = wish;
  const whole = format === 'jsonl' && Object.values(filter).every((value) => value === undefined);
  const last = await store.read.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  const entries = await countMatching(store.read, filter, last?.seq ?? 0);
  const data = { format, filter: sayFilter(filter), withText, entries };
  await store.commit({
    changes: [],
    audit: [{ at: now, type: 'audit.exported', outcome: 'success', actor, subject: null, data }],
  });
  const { mediaType, extension } = formats[format];
  const named = { mediaType, fileName: `postern-audit-${toTimestamp(now).slice(0, 10)}.${extension}`, entries };
  const key = await readLogKey(store.read, config);
  if (whole) {
    await stateOf(deps).checkpointer.signAll(now);
    const signed = await latestCheckpoint(store);
    // Where nothing can be signed any more, the log is given all the same: whoever verifies it learns why.
    const through = Math.max(signed?.size ?? 0, (last?.seq ?? 0) + 1);
    return { ...named, lines: writeLog(store.read, { chainId: key.chainId, key, through, withText }) };
  }
  const through = last?.seq ?? 0;
  const scope = sha256(canonicalJson({ ...data, through })).slice(0, 22);
  const log = { chainId: key.chainId, origin: key.name, version, scope };
  return { ...named, lines: writeExport(format, readMatching(store.read, filter, through), log, withText) };
}

/** A filter as it is recorded. */
export function sayFilter({ from, to, types, ...filter }: AuditFilter): { [name: string]: Json } {
  const times = { from, to };
  return Object.fromEntries([
    ...(types === undefined ? [] : [['types', [...types]] as const]),
    ...Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ...Object.entries(times).flatMap(([name, at]) => (at === undefined ? [] : [[name, toTimestamp(at)] as const])),
  ]);
}
