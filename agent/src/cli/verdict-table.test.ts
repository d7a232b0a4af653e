import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import type { RuleResult } from '@postern/shared/protocol/verdict';
import { day, hour, toTimestamp } from '@postern/shared/time';
import { exceptionId, ruleOf, verdictOf } from '../testing/documents.ts';
import { ruleStateOf } from './rule-state.ts';
import { paintFor } from './style.ts';
import { widthOf } from './text-width.ts';
import { verdictTable } from './verdict-table.ts';

const now = Date.UTC(2026, 10, 21, 9, 30);
const paint = paintFor({ isTTY: false }, {});
const deadline = toTimestamp(now + 3 * day);

const rules: RuleResult[] = [
  ruleOf(),
  ruleOf({ title: 'Disk is encrypted', outcome: 'fail', standing: 'grace', observed: 'none', deadline }),
  ruleOf({
    title: 'Screen locks',
    outcome: 'fail',
    standing: 'blocked',
    observed: 'never',
    deadline: toTimestamp(now - hour),
  }),
  ruleOf({
    title: 'Secure boot',
    outcome: 'unknown',
    standing: 'warned',
    observed: null,
    reason: 'mokutil is not installed.',
  }),
  ruleOf({
    title: 'TPM',
    outcome: 'not-applicable',
    standing: 'not-applicable',
    observed: null,
    reason: 'This is a container.',
  }),
  ruleOf({
    title: 'Updates',
    outcome: 'fail',
    standing: 'excepted',
    exception: { id: exceptionId as never, expiresAt: deadline },
  }),
];

test('every state has the word and the sign of the design', () => {
  const said = rules.map((rule) => `${ruleStateOf(rule).sign} ${ruleStateOf(rule).words}`);
  assert.equal(said[0], '✓ Fine');
  assert.match(said[1] ?? '', /^◷ Fix by 24 Nov$/);
  assert.equal(said[2], '✗ Blocked');
  assert.equal(said[3], '? Could not check');
  assert.equal(said[4], '– Does not apply');
  assert.match(said[5] ?? '', /^⧗ Excepted until 24 Nov 2026 \d\d:\d\d$/);
});

test('an unknown that blocks says that it blocks, and why it is unknown', () => {
  const rule = ruleOf({ outcome: 'unknown', standing: 'blocked', observed: null, reason: 'nft may not be run.' });
  const table = verdictTable(verdictOf(false, now, [rule]), { columns: 200, paint, now });
  assert.match(table, /✗ Blocked/);
  assert.match(table, /Could not check: nft may not be run\./);
});

test('a failing rule that never blocks is not called fine', () => {
  assert.equal(ruleStateOf(ruleOf({ outcome: 'fail', standing: 'warned' })).words, 'Please fix');
});

test('the worst comes first, with reason, deadline and fix', () => {
  const table = verdictTable(verdictOf(false, now, rules), { columns: 400, paint, now });
  const lines = table.split('\n');
  assert.match(lines[0] ?? '', /^Rule +Result +Reason +Deadline +Fix$/);
  assert.match(
    lines[2] ?? '',
    /^Screen locks +✗ Blocked +Is: never\. Expected: .* +1 hour ago \(.*\) +Turn on the firewall/,
  );
  assert.match(lines[3] ?? '', /^Disk is encrypted +◷ Fix by 24 Nov .* in 3 days \(24 Nov 2026/);
  assert.match(table, /✗ This device is blocked\./);
});

test('at 80 columns the fix stands below its rule, its link whole; narrower there are no columns', () => {
  const link = 'https://wiki.example/how-to-encrypt-a-disk-after-the-installation';
  const rule = ruleOf({ outcome: 'fail', standing: 'blocked', deadline, fix: { text: 'Encrypt it.', link } });
  const at = (columns: number) => verdictTable(verdictOf(false, now, [rule]), { columns, paint, now });
  assert.match(at(80), /^Rule +Result +Reason +Deadline$/m);
  assert.match(at(80), new RegExp(`^ {2}Fix: Encrypt it\\.\n {2}${link}$`, 'm'));
  assert.match(at(40), /^Firewall is on\n {2}✗ Blocked\n {2}Is: /m);
});

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u001b[31m', '\n', '\r', '\u202e', '\u200b', '\u0007', '\u009b', '字', '👩‍💻', 'e\u0301', ' '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 120,
});

test('nothing from outside moves the cursor, and nothing is wider than the terminal', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, fc.integer({ min: 16, max: 220 }), (title, observed, fix, columns) => {
      const rule = ruleOf({
        title,
        observed,
        outcome: 'fail',
        standing: 'grace',
        deadline,
        fix: { text: fix, link: fix },
      });
      const table = verdictTable(verdictOf(false, now, [rule, ...rules]), { columns, paint, now });
      assert.doesNotMatch(table, /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      for (const line of table.split('\n'))
        assert.ok(widthOf(line) <= columns, `${widthOf(line)} > ${columns}: ${line}`);
    }),
    { numRuns: 300 },
  );
});

test('colours are for terminals whose person did not refuse them, and never carry the meaning alone', () => {
  const options = (isTTY: boolean, env: Record<string, string>) => ({
    columns: 100,
    paint: paintFor({ isTTY }, env),
    now,
  });
  const plainTable = verdictTable(verdictOf(false, now, rules), options(false, {}));
  const coloured = verdictTable(verdictOf(false, now, rules), options(true, {}));
  assert.notEqual(coloured, plainTable);
  assert.equal(stripVTControlCharacters(coloured).replace(/ +$/gm, ''), plainTable);
  assert.equal(verdictTable(verdictOf(false, now, rules), options(true, { NO_COLOR: '1' })), plainTable);
});

test('in a grace the words say whether there is time, and what is to be fixed now comes first', () => {
  const notify = ruleOf({ title: 'Later', outcome: 'fail', standing: 'grace', stage: 'notify', deadline });
  const warn = ruleOf({ title: 'Now', outcome: 'fail', standing: 'grace', stage: 'warn', deadline });
  assert.equal(ruleStateOf(notify).words, 'Fix by 24 Nov');
  assert.equal(ruleStateOf(warn).words, 'Fix now, blocked on 24 Nov');
  const table = verdictTable(verdictOf(true, now, [notify, warn]), { columns: 200, paint, now });
  assert.ok(table.indexOf('Now ') < table.indexOf('Later '));
});

test('what is only watched is not called fine, asks for nothing, and comes after what does', () => {
  const watched = ruleOf({ title: 'Watched', outcome: 'fail', standing: 'reported', reportOnly: true });
  const blind = ruleOf({
    title: 'Blind',
    outcome: 'unknown',
    standing: 'reported',
    reportOnly: true,
    reason: 'No nft.',
  });
  assert.equal(ruleStateOf(watched).words, 'Only watched');
  assert.equal(ruleStateOf(blind).words, 'Could not check');
  const table = verdictTable(verdictOf(true, now, [watched, blind]), { columns: 200, paint, now });
  assert.doesNotMatch(table, /sudo ufw enable/);
});

test('a held result says that it is one, and a status says which rules make it', () => {
  const held = { brake: `brk_${'5'.repeat(32)}` as never, until: deadline };
  const rule = ruleOf({ outcome: 'pass', held });
  const table = verdictTable(verdictOf(false, now, [rule]), { columns: 400, paint, now });
  assert.match(table, /Held until 24 Nov 2026 .*: many devices changed at once/);
  assert.match(table, /Because of baseline\/firewall\./);
});

test('for how long a verdict is good is said as a length and as a time', () => {
  const table = (at: number) => verdictTable(verdictOf(true, now, []), { columns: 200, paint, now: at });
  assert.match(table(now), /Good for \d+ \w+, until \d+ \w{3} \d{4} \d\d:\d\d\.$/m);
  assert.match(table(now + 400 * 86_400_000), /Good until \d+ \w{3} \d{4} \d\d:\d\d\.$/m);
});
