/**
 * Reporter for node:test: a line for each file, the whole story of each failure, and, where
 * POSTERN_TEST_COUNTS names a folder, the totals as a file in it for scripts/test.mjs to add up.
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inspect } from 'node:util';

const root = join(import.meta.dirname, '..');

function describeFailure({ name, file, line, details }) {
  const error = details?.error?.cause ?? details?.error;
  const text = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
  const where = file === undefined ? '' : ` (${relative(root, file)}:${line})`;
  return `  ✗ ${name}${where}\n${text.replace(/^/gm, '      ')}\n`;
}

export default async function* report(source) {
  const skipped = [];
  for await (const { type, data } of source) {
    if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') yield describeFailure(data);
    if (type === 'test:pass' && data.skip !== undefined) {
      skipped.push(`${data.name}${typeof data.skip === 'string' && data.skip !== '' ? `: ${data.skip}` : ''}`);
    }
    if (type === 'test:stderr' && process.env.POSTERN_TEST_VERBOSE === '1') yield data.message;
    if (type !== 'test:summary') continue;
    const { counts, duration_ms: duration, file } = data;
    if (file === undefined) {
      const totals = { passed: counts.passed, failed: counts.failed + counts.cancelled, skipped };
      const folder = process.env.POSTERN_TEST_COUNTS;
      if (folder) writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(totals));
      yield `  ${totals.passed} passed, ${totals.failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''} in ${(duration / 1000).toFixed(1)} s\n`;
    } else {
      const bad = counts.failed + counts.cancelled;
      yield `  ${bad === 0 ? '✓' : '✗'} ${relative(root, file)} (${counts.passed}${bad > 0 ? `, ${bad} failed` : ''}, ${(duration / 1000).toFixed(1)} s)\n`;
    }
  }
}
