import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { canonicalJson } from '@postern/shared/canonical';
import fc from 'fast-check';
import { chainEvent, type ChainHead, type ChainRow, verifyChain } from './chain.ts';
import type { AuditEvent } from './event.ts';

const genesis: ChainHead = { seq: 0, hash: 'chain-id' };

const event = (changes: Partial<AuditEvent> = {}): AuditEvent => ({
  at: 1_700_000_000_000,
  type: 'exception.approved',
  outcome: 'success',
  actor: { kind: 'person', id: 'usr_1' },
  subject: { kind: 'exception', id: 'exc_1' },
  data: { b: 1, a: ['ü', null, 1.5] },
  ...changes,
});

function chainOf(events: readonly AuditEvent[]): ChainRow[] {
  let head = genesis;
  return events.map((each) => {
    const chained = chainEvent(head, each, () => 'salt');
    ({ head } = chained);
    return { ...chained.row, salt: chained.text?.salt ?? null, text: chained.text?.text ?? null };
  });
}

const verify = (rows: Iterable<ChainRow>, head?: ChainHead) =>
  verifyChain(rows, { chainId: genesis.hash, ...(head === undefined ? {} : { head }) });

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

test('an entry is canonical JSON that names its predecessor, and its hash is over exactly that text', () => {
  const { row, text, head } = chainEvent(genesis, event({ text: 'because' }), () => 'salt');
  const expected =
    '{"actor":{"id":"usr_1","kind":"person"},"at":1700000000000,"data":{"a":["ü",null,1.5],"b":1},"outcome":"success",' +
    `"prev":"chain-id","seq":1,"subject":{"id":"exc_1","kind":"exception"},"textHash":"${sha256('salt\nbecause')}","type":"exception.approved","v":1}`;
  assert.equal(row.entry, expected);
  assert.equal(row.hash, sha256(expected));
  assert.deepEqual(text, { seq: 1, salt: 'salt', text: 'because' });
  assert.deepEqual(head, { seq: 1, hash: row.hash });
  assert.deepEqual(
    [row.actor_id, row.subject_id, row.type, row.at],
    ['usr_1', 'exc_1', 'exception.approved', 1_700_000_000_000],
  );
});

test('whatever an entry holds, its text is the canonical one, and says what was handed over', () => {
  const text = fc.string({ unit: 'grapheme' });
  const events = fc.record({
    at: fc.maxSafeNat(),
    type: fc.constantFrom('token.issued', 'exception.approved'),
    outcome: fc.constantFrom('success', 'failure'),
    actor: fc.record({ kind: fc.constantFrom('device', 'person'), id: fc.option(text) }),
    subject: fc.option(fc.record({ kind: text, id: text })),
    data: fc.dictionary(text, fc.jsonValue()),
  });
  fc.assert(
    fc.property(events, fc.option(text, { nil: undefined }), (handed, said) => {
      const unit = { ...handed, ...(said === undefined ? {} : { text: said }) } as AuditEvent;
      const { entry } = chainEvent(genesis, unit, () => 'salt').row;
      const textHash = said === undefined ? null : sha256(`salt\n${said}`);
      assert.equal(entry, canonicalJson({ ...handed, v: 1, seq: 1, prev: genesis.hash, textHash }));
    }),
  );
});

test('what a person wrote is not in the chain', () => {
  const { row } = chainEvent(genesis, event({ text: 'my broken disk' }), () => 'salt');
  assert.ok(!JSON.stringify(row).includes('disk'));
});

test('an untouched chain is intact, also the empty one', async () => {
  const rows = chainOf([event(), event({ text: 'why' }), event({ subject: null })]);
  assert.deepEqual(await verify([]), { outcome: 'intact', count: 0, head: genesis });
  assert.deepEqual(await verify(rows), { outcome: 'intact', count: 3, head: { seq: 3, hash: rows[2]?.hash } });
});

test('erasing a text leaves the chain intact; changing it does not', async () => {
  const rows = chainOf([event({ text: 'why' }), event()]);
  const [first, second] = rows as [ChainRow, ChainRow];
  assert.equal((await verify([{ ...first, salt: null, text: null }, second])).outcome, 'intact');
  assert.deepEqual(await verify([{ ...first, text: 'why not' }, second]), { outcome: 'altered', seq: 1 });
  assert.deepEqual(await verify([first, { ...second, salt: 'salt', text: 'invented' }]), {
    outcome: 'altered',
    seq: 2,
  });
});

test('a rewritten entry with its hash made anew is a fork at its successor', async () => {
  const rows = chainOf([event(), event(), event()]);
  const forged = chainOf([event(), event({ outcome: 'failure' })])[1] as ChainRow;
  assert.deepEqual(await verify(rows.with(1, forged)), { outcome: 'forked', seq: 3 });
});

test('a chain that ends before the head that is known is truncated; one with another entry there is forked', async () => {
  const rows = chainOf([event(), event(), event()]);
  const known = { seq: 3, hash: rows[2]?.hash ?? '' };
  assert.deepEqual(await verify(rows.slice(0, 2), known), { outcome: 'truncated', seq: 3 });
  const forged = chainOf([event(), event(), event({ outcome: 'failure' })]);
  assert.deepEqual(await verify(forged, known), { outcome: 'forked', seq: 3 });
  assert.equal((await verify(rows, known)).outcome, 'intact');
});

test('a chain of another installation does not follow from this one', async () => {
  assert.deepEqual(await verifyChain(chainOf([event()]), { chainId: 'another' }), { outcome: 'forked', seq: 1 });
});

test('the head of an empty chain is known too', async () => {
  assert.equal((await verify(chainOf([event()]), genesis)).outcome, 'intact');
  assert.deepEqual(await verify(chainOf([event()]), { seq: 0, hash: 'another' }), { outcome: 'forked', seq: 0 });
});

test('the columns for searching cannot say something else than the entry', async () => {
  const [row] = chainOf([event()]) as [ChainRow];
  for (const change of [{ at: 1 }, { type: 'token.issued' }, { actor_id: null }, { subject_id: 'exc_2' }]) {
    assert.deepEqual(await verify([{ ...row, ...change }]), { outcome: 'altered', seq: 1 });
  }
});

const events = fc.array(
  fc.record({
    text: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
    data: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
  { minLength: 2, maxLength: 8 },
);
const chains = events.map((all) =>
  chainOf(
    all.map(({ text, data }) => event({ data: data as AuditEvent['data'], ...(text === undefined ? {} : { text }) })),
  ),
);

test('whatever is recorded verifies', async () => {
  await fc.assert(fc.asyncProperty(chains, async (rows) => assert.equal((await verify(rows)).outcome, 'intact')));
});

test('any altered character, in an entry or a hash, is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      chains,
      fc.nat(),
      fc.nat(),
      fc.constantFrom('entry', 'hash'),
      async (rows, which, where, column) => {
        const index = which % rows.length;
        const row = rows[index] as ChainRow;
        const text = row[column];
        const at = where % text.length;
        const altered = `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
        assert.deepEqual(await verify(rows.with(index, { ...row, [column]: altered })), {
          outcome: 'altered',
          seq: row.seq,
        });
      },
    ),
  );
});

test('any removed entry is found, the last one against the head', async () => {
  await fc.assert(
    fc.asyncProperty(chains, fc.nat(), async (rows, which) => {
      const index = which % rows.length;
      const head = { seq: rows.length, hash: rows.at(-1)?.hash ?? '' };
      const outcome = index === rows.length - 1 ? 'truncated' : 'missing';
      assert.deepEqual(await verify(rows.toSpliced(index, 1), head), { outcome, seq: index + 1 });
    }),
  );
});

test('any two entries that changed places are found, renumbered or not', async () => {
  await fc.assert(
    fc.asyncProperty(chains, fc.nat(), async (rows, which) => {
      const index = which % (rows.length - 1);
      const [left, right] = [rows[index], rows[index + 1]] as [ChainRow, ChainRow];
      const swapped = rows.with(index, right).with(index + 1, left);
      assert.notEqual((await verify(swapped)).outcome, 'intact');
      const renumbered = swapped.map((row, position) => Object.assign({}, row, { seq: position + 1 }));
      assert.notEqual((await verify(renumbered)).outcome, 'intact');
    }),
  );
});

test('lines of a text do not pass for its salt, and half a character not for the one that stands for it', async () => {
  const [row] = chainOf([event({ text: 'I was told to.\nIt was Bob.' })]);
  assert.ok(row);
  const forged = { ...row, salt: 'salt\nI was told to.', text: 'It was Bob.' };
  assert.deepEqual(await verify([forged]), { outcome: 'altered', seq: 1 });
  const [odd] = chainOf([event({ text: 'a \ufffd b', data: { odd: '\ufffd' } })]);
  assert.ok(odd);
  for (const half of [{ text: 'a \ud800 b' }, { entry: odd.entry.replace('\ufffd', '\ud801') }])
    assert.deepEqual(await verify([{ ...odd, ...half }]), { outcome: 'altered', seq: 1 });
});
