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

const isTestFile = (file) => /\.test\.\w+$/.test(file);

function sayFile(file, { passed, failed, seconds }) {
  const mark = failed === 0 ? '✓' : '✗';
  return `  ${mark} ${relative(root, file)} (${passed}${failed > 0 ? `, ${failed} failed` : ''}, ${seconds.toFixed(1)} s)\n`;
}

export default async function* report(source) {
  const skipped = [];
  const files = new Map();
  let last;
  let counted = { passed: 0, failed: 0 };
  /** Where a suite that a helper opened has its tests: to that file it belongs. */
  let whose;
  for await (const { type, data } of source) {
    if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') yield describeFailure(data);
    if (type === 'test:pass' && data.skip !== undefined) {
      skipped.push(`${data.name}${typeof data.skip === 'string' && data.skip !== '' ? `: ${data.skip}` : ''}`);
    }
    if ((type === 'test:pass' || type === 'test:fail') && data.file !== undefined) {
      if (isTestFile(data.file)) whose ??= data.file;
      if (data.details?.type !== 'suite') counted[type === 'test:pass' ? 'passed' : 'failed'] += 1;
      // What stands on its own comes after all that is within it.
      if (data.nesting > 0) continue;
      const name = data.entryFile ?? whose ?? data.file;
      const file = files.get(name) ?? { passed: 0, failed: 0, seconds: 0 };
      files.set(name, file);
      file.passed += counted.passed;
      file.failed += counted.failed;
      file.seconds += data.details.duration_ms / 1000;
      counted = { passed: 0, failed: 0 };
      whose = undefined;
      // Files come one after the other: the next one says that this one is done.
      if (last !== undefined && last !== name) {
        yield sayFile(last, files.get(last));
        files.delete(last);
      }
      last = name;
    }
    if (type === 'test:stderr' && process.env.POSTERN_TEST_VERBOSE === '1') yield data.message;
    if (type !== 'test:summary') continue;
    const { counts, duration_ms: duration, file } = data;
    if (file === undefined) {
      if (last !== undefined) yield sayFile(last, files.get(last));
      const totals = { passed: counts.passed, failed: counts.failed + counts.cancelled, skipped };
      const folder = process.env.POSTERN_TEST_COUNTS;
      if (folder) writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(totals));
      yield `  ${totals.passed} passed, ${totals.failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''} in ${(duration / 1000).toFixed(1)} s\n`;
    }
  }
}
