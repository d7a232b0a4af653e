import assert from 'node:assert/strict';
import { hash as digest } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, type Json } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import { chainEvent } from '../chain.ts';
import { auditEventTypes, type AuditEvent } from '../event.ts';
import type { StoredEntry } from '../stored-entry.ts';
import { type FormatName, formatNames, writeExport } from './formats.ts';
import { classOf } from './ocsf-class.ts';
import { classes, type ObjectFacts, objects } from './testing/ocsf-facts.ts';

const log = { chainId: 'chain', origin: 'postern.example/audit/chain', version: '1.2.3', scope: 'all' };
const at = Date.UTC(2026, 10, 21, 9, 30);

const event = (changes: Partial<AuditEvent> = {}): AuditEvent => ({
  at,
  type: 'exception.approved',
  outcome: 'success',
  actor: { kind: 'person', id: 'usr_1' },
  subject: { kind: 'exception', id: 'exc_1' },
  data: {},
  ...changes,
});

async function exported(name: FormatName, events: readonly AuditEvent[], withText = true): Promise<string> {
  let head = { seq: 0, hash: 'chain' };
  const rows = events.map((each): StoredEntry => {
    const chained = chainEvent(head, each, () => 'salt');
    ({ head } = chained);
    return { ...chained.row, salt: chained.text?.salt ?? null, text: chained.text?.text ?? null };
  });
  const entries = (async function* all() {
    yield* rows;
  })();
  let text = '';
  for await (const line of writeExport(name, entries, log, withText)) text += line;
  return text;
}

const lineEnds = /\r\n|[\n\r\u0085\u2028\u2029\v\f]/;
const hostile = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          '"',
          '\\',
          ']',
          '|',
          '=',
          '\n',
          '\r',
          ',',
          '\u2028',
          '\u0085',
          '\t',
          "'",
          '@',
          '+',
          'cs1=x',
          '\n<13>1 ',
          '[a b="c"]',
          'ü',
          '🔓',
          'CEF:0|',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  )
  .filter((text) => text.isWellFormed());
const hostileEvent = fc
  .record({ text: hostile, id: hostile, actor: hostile, name: hostile, value: hostile })
  .map(({ text, id, actor, name, value }) =>
    event({
      text,
      subject: { kind: 'exception', id },
      actor: { kind: 'device', id: actor },
      data: { [name]: value, resource: value, code: value },
    }),
  );
const runs = { numRuns: 400 };

describe('CEF', () => {
  // Splits as a receiver does: at what is not escaped.
  const headerOf = (line: string) => line.split(/(?<!\\)(?:\\\\)*\|/);
  const names = (line: string) => [...line.matchAll(/(?:^|\s)(\w+)(?<!\\)=/g)].map(([, name]) => name);

  test('says an entry', async () => {
    const line = await exported('cef', [event({ data: { code: 'a=b' }, text: 'one\ntwo|three' })]);
    assert.match(
      line,
      /^CEF:0\|Postern\|postern-server\|1\.2\.3\|exception\.approved\|exception approved\|3\|rt=1795253400000 /,
    );
    assert.ok(line.includes(String.raw`reason=a\=b `) && line.endsWith('msg=one\\ntwo|three\n'), line);
  });

  test('no text adds a line, a header field or a member', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvent, async (given) => {
        const plain = await exported('cef', [
          event({
            text: 'x',
            subject: { kind: 'exception', id: 'x' },
            actor: { kind: 'device', id: 'x' },
            data: { x: 'x', resource: 'x', code: 'x' },
          }),
        ]);
        const line = await exported('cef', [given]);
        assert.equal(line.slice(0, -1).search(lineEnds), -1, line);
        assert.deepEqual(headerOf(line).slice(0, 7), headerOf(plain).slice(0, 7));
        assert.deepEqual(names(line), names(plain));
      }),
      runs,
    );
  });
});

describe('RFC 5424', () => {
  const grammar =
    /^<(\d{1,3})>1 (\S+) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) (-) ([\x21-\x7e]{1,32}) \[([\x21-\x7e]{1,32})((?: [\x21-\x7e]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\]\n$/u;
  const names = (line: string) =>
    [...(grammar.exec(line)?.[8] ?? '').matchAll(/ ([\x21-\x7e]+?)="(?:[^"\\\]]|\\["\\\]])*"/gu)].map(
      ([, name]) => name,
    );

  test('says an entry', async () => {
    const line = await exported('rfc5424', [event({ text: 'a "b" [c] \\' })]);
    assert.match(
      line,
      /^<109>1 2026-11-21T09:30:00\.000Z postern\.example postern - exception\.approved \[postern@32473 chain="chain" seq="1"/,
    );
    assert.ok(line.includes(String.raw`text="a \"b\" [c\] \\"`), line);
  });

  test('no text leaves its parameter: each message is one line of the grammar, with the parameters it has', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvent, async (given) => {
        const line = await exported('rfc5424', [given]);
        assert.match(line, grammar);
        assert.equal(line.slice(0, -1).search(lineEnds), -1);
        assert.deepEqual(names(line), [
          'chain',
          'seq',
          'type',
          'outcome',
          'actorKind',
          'actor',
          'subjectKind',
          'subject',
          'data',
          'text',
          'previousHash',
          'hash',
        ]);
      }),
      runs,
    );
  });
});

describe('CSV', () => {
  /** RFC 4180, read strictly. */
  function parse(text: string): string[][] {
    const rows: string[][] = [];
    const cellForm = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
    for (let row: string[] = []; cellForm.lastIndex < text.length;) {
      const match = cellForm.exec(text) ?? assert.fail(text);
      row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
      if (match[3] === ',') continue;
      rows.push(row);
      row = [];
    }
    return rows;
  }

  test('no text adds a cell or a row, and none is a formula', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvent, async (given) => {
        const rows = parse(await exported('csv', [given, event()]));
        assert.equal(rows.length, 3);
        for (const row of rows) {
          assert.equal(row.length, 12);
          for (const cell of row) assert.doesNotMatch(cell, /^[=+\-@]/);
        }
        assert.equal(rows[2]?.[5], 'usr_1');
      }),
      runs,
    );
  });
});

describe('JSON Lines', () => {
  test('one object a line, whatever the texts', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvent, async (given) => {
        for (const name of ['jsonl', 'ocsf'] as const) {
          const lines = (await exported(name, [given, given])).split('\n');
          assert.equal(lines.length, 3);
          assert.equal(
            (JSON.parse(lines[0] ?? '') as { raw_data?: string; text?: string }).text ?? given.text,
            given.text,
          );
        }
      }),
      runs,
    );
  });
});

describe('OCSF 1.9', () => {
  const read = async (events: readonly AuditEvent[], withText = true) =>
    (await exported('ocsf', events, withText))
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { [name: string]: Json } & {
            attestation_list: [{ fingerprint: { value: string }; prev_event?: object }];
          },
      );

  test('the fingerprint is over the canonical event without it, and each names the one before', async () => {
    const events = await read([
      event(),
      event({ type: 'token.issued', text: 'because' }),
      event({ type: 'server.initialised', subject: null }),
    ]);
    for (const [index, shown] of events.entries()) {
      const { fingerprint, ...attestation } = shown.attestation_list[0];
      const canonical = canonicalJson({ ...shown, attestation_list: [attestation as unknown as Json] });
      assert.equal(fingerprint.value, digest('sha256', canonical));
      const before = events[index - 1];
      assert.deepEqual(
        attestation.prev_event,
        before && {
          uid: String(index),
          type_uid: before['type_uid'],
          fingerprint: before.attestation_list[0].fingerprint,
        },
      );
      assert.equal(
        Buffer.from((shown['raw_data_hash'] as { value: string }).value, 'hex').toString('base64url'),
        sha256(shown['raw_data'] as string),
      );
    }
  });

  const isObject = (value: unknown): value is { [name: string]: unknown } =>
    typeof value === 'object' && value !== null;

  /** Holds an event, and every object within it, to what the schema demands. */
  function check(value: { [name: string]: unknown }, facts: ObjectFacts, where: string): void {
    for (const name of facts.required ?? []) assert.ok(value[name] !== undefined, `${where} has no ${name}`);
    if (facts.oneOf !== undefined)
      assert.ok(
        facts.oneOf.some((name) => value[name] !== undefined),
        `${where} has none of ${facts.oneOf.join(', ')}`,
      );
    for (const [name, member] of Object.entries(value)) {
      if (name === 'unmapped') continue;
      for (const each of Array.isArray(member) ? (member as unknown[]) : [member])
        if (isObject(each)) check(each, objects[name] ?? {}, `${where}.${name}`);
    }
  }

  test('each kind of entry has a class that is not deprecated, with all that the schema demands of it', async () => {
    const subjects = [null, { kind: 'person', id: 'usr_2' }, { kind: 'device', id: 'dev_1' }];
    const datas = [{}, { status: 'excepted', code: 'conflict' }, { status: 'compliant' }, { status: 'blocked' }];
    for (const type of auditEventTypes) {
      for (const subject of subjects) {
        for (const data of datas) {
          const actor = { kind: 'anonymous', id: null } as const;
          const shown =
            (await read([event({ type, subject, data, actor, outcome: 'failure' })]))[0] ?? assert.fail(type);
          const facts = classes[Number(shown['class_uid'])] ?? assert.fail(type);
          check(shown, facts, type);
          const activity = Number(shown['activity_id']);
          assert.equal(shown['class_name'], facts.caption);
          assert.equal(shown['category_uid'], facts.category);
          assert.equal(shown['type_uid'], Number(shown['class_uid']) * 100 + activity);
          assert.equal(
            shown['activity_name'],
            activity === 99 ? type : (facts.activities[activity] ?? assert.fail(type)),
          );
          assert.equal(shown['status'], facts.statuses[Number(shown['status_id'])] ?? assert.fail(type));
        }
      }
    }
    assert.deepEqual(classOf({ type: 'exception.begun' }), {
      category: 3,
      class: 3004,
      name: 'Entity Management',
      activity: 10,
    });
  });

  test('a verdict is suppressed while an exception covers it', async () => {
    const [shown] = await read([event({ type: 'verdict.changed', data: { status: 'excepted' } })]);
    assert.deepEqual([shown?.['class_uid'], shown?.['status_id']], [2003, 3]);
  });
});

test('what a person wrote is in no format unless it was asked for', async () => {
  for (const name of formatNames) {
    const given = [event({ text: 'my broken disk' })];
    assert.ok((await exported(name, given)).includes('my broken disk'), name);
    assert.ok(!(await exported(name, given, false)).includes('disk'), name);
  }
});
