import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noon } from '../testing/given.ts';
import { type Circumstances, type DraftEvent, transition } from './lifecycle.ts';
import type { DraftRecord } from './record.ts';

const people = ['ada', 'bob', 'cy', 'dan'] as const;
type Person = (typeof people)[number];

function draftOf(by: Person, text: string): DraftRecord {
  return {
    id: 'pdr_1',
    action: 'publish',
    policy: 'laptops',
    document: text,
    documentHash: `hash of ${text}`,
    note: null,
    state: 'draft',
    baseVersion: 0,
    createdBy: by,
    createdAt: noon,
    authors: [by],
    editedBy: by,
    editedAt: noon,
    submittedAt: null,
    decidedBy: null,
    decidedAt: null,
    publishedVersion: null,
    version: 1,
  };
}

/** What somebody does to the draft. */
type Act =
  | { kind: 'edit'; by: Person; text: string }
  | { kind: 'submit'; by: Person }
  | { kind: 'discard'; by: Person }
  | { kind: 'approve'; by: Person; steppedUp: boolean; seen: 'now' | 'an earlier version' | 'another text' };
/** What happens around it, to the admins and to the policy. */
type Turn = { kind: 'promote'; who: Person } | { kind: 'demote'; who: Person } | { kind: 'somebody else publishes' };

const person = fc.constantFrom(...people);
/** One text has faults; one may come to be in force already. */
const text = fc.constantFrom('a', 'b', 'faulty');
const step: fc.Arbitrary<Act | Turn> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('edit' as const), by: person, text }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('submit' as const), by: person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('discard' as const), by: person }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('approve' as const),
      by: person,
      steppedUp: fc.boolean(),
      seen: fc.oneof(
        { weight: 6, arbitrary: fc.constant('now' as const) },
        { weight: 1, arbitrary: fc.constantFrom('an earlier version' as const, 'another text' as const) },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('promote' as const), who: person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('demote' as const), who: person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('somebody else publishes' as const) }) },
);

/** The rules again, said the other way round: what must be true for a step to go through. */
interface Model {
  state: DraftRecord['state'];
  text: string;
  writers: Set<Person>;
  /** Publications that the draft knows of, and that there were. */
  knows: number;
  published: number;
  textInForce: string | null;
  admins: Set<Person>;
  changes: number;
}

function mayGoThrough(model: Model, each: Act): boolean {
  const open = model.state === 'draft' || model.state === 'submitted';
  const ready = model.knows === model.published && model.text !== 'faulty' && model.text !== model.textInForce;
  if (!model.admins.has(each.by)) return false;
  if (each.kind === 'edit' || each.kind === 'discard') return open;
  if (each.kind === 'submit') return model.state === 'draft' && ready;
  const others = [...model.admins].filter((admin) => admin !== each.by);
  const allowed = !model.writers.has(each.by) || (others.length === 0 && each.steppedUp);
  return model.state === 'submitted' && each.seen === 'now' && ready && allowed;
}

test('any history of a draft, of its admins and of its policy goes the way of the rules', () => {
  const reached = new Map<string, number>();
  const count = (what: string) => reached.set(what, (reached.get(what) ?? 0) + 1);
  fc.assert(
    fc.property(person, text, fc.array(step, { maxLength: 30 }), (author, first, steps) => {
      let draft = draftOf(author, first);
      const model: Model = {
        state: 'draft',
        text: first,
        writers: new Set([author]),
        knows: 0,
        published: 0,
        textInForce: null,
        admins: new Set([author]),
        changes: 0,
      };
      for (const each of steps) {
        if (each.kind === 'promote') model.admins.add(each.who);
        else if (each.kind === 'demote') {
          // The last one stays, as everywhere.
          if (model.admins.size > 1) model.admins.delete(each.who);
        } else if (each.kind === 'somebody else publishes') {
          model.published += 1;
          model.textInForce = `theirs ${model.published}`;
        } else {
          const circumstances: Circumstances = {
            admins: [...model.admins],
            inForce:
              model.textInForce === null
                ? null
                : { version: model.published, documentHash: `hash of ${model.textInForce}` },
            nextVersion: model.published + 1,
            faulty: (each.kind === 'edit' ? each.text : draft.document) === 'faulty',
          };
          const before = structuredClone(draft);
          const after = transition(draft, eventOf(each, draft, model), each.by, circumstances, noon);
          assert.deepEqual(draft, before, 'what was there is left alone');
          const expected = mayGoThrough(model, each);
          assert.equal(typeof after !== 'string', expected, `${JSON.stringify(each)}: ${JSON.stringify(after)}`);
          if (typeof after === 'string') {
            count(after);
            continue;
          }
          model.changes += 1;
          if (each.kind === 'edit') {
            Object.assign(model, { state: 'draft', text: each.text, knows: model.published });
            model.writers.add(each.by);
          } else if (each.kind === 'submit') model.state = 'submitted';
          else if (each.kind === 'discard') model.state = 'discarded';
          else {
            count(model.writers.has(each.by) ? 'published by the only admin' : 'published by a second person');
            Object.assign(model, { state: 'published', published: model.published + 1, textInForce: model.text });
            assert.equal(after.publishedVersion, model.published);
          }
          draft = after;
          assert.deepEqual(
            [draft.state, draft.document, draft.version, new Set(draft.authors)],
            [model.state, model.text, 1 + model.changes, model.writers],
          );
          if (draft.state === 'draft') assert.equal(draft.submittedAt, null);
          if (draft.state === 'submitted') assert.equal(draft.submittedAt, noon);
        }
      }
      count(draft.state);
    }),
    { numRuns: 3000 },
  );
  // A test that never gets anywhere would agree with anything.
  const wanted = ['published by the only admin', 'published by a second person', 'published', 'discarded', 'conflict'];
  const refusals = ['second_approval_required', 'step_up_required', 'policy_draft_outdated', 'policy_draft_state'];
  for (const what of [...wanted, ...refusals, 'policy_invalid', 'not_allowed'])
    assert.ok((reached.get(what) ?? 0) > 0, `no history reached ${what}`);
});

function eventOf(each: Act, draft: DraftRecord, model: Model): DraftEvent {
  const { version } = draft;
  switch (each.kind) {
    case 'edit': {
      const documentHash = `hash of ${each.text}`;
      const content = { policy: 'laptops', document: each.text, documentHash, note: null };
      return { kind: 'edit', version, content: { ...content, baseVersion: model.published } };
    }
    case 'approve':
      return {
        kind: 'approve',
        version: each.seen === 'an earlier version' ? version - 1 : version,
        documentHash: each.seen === 'another text' ? 'hash of something else' : draft.documentHash,
        steppedUp: each.steppedUp,
      };
    case 'submit':
    case 'discard':
      return { kind: each.kind, version };
  }
}

const alone: Circumstances = { admins: ['ada'], inForce: null, nextVersion: 1, faulty: false };
const submitted = (rest: Partial<DraftRecord> = {}): DraftRecord => ({
  ...draftOf('ada', 'a'),
  state: 'submitted',
  submittedAt: noon,
  ...rest,
});
const approval = (draft: DraftRecord, steppedUp: boolean): DraftEvent => ({
  kind: 'approve',
  version: draft.version,
  documentHash: draft.documentHash,
  steppedUp,
});

test('a draft that says what is in force already is not published again', () => {
  const draft = submitted({ baseVersion: 3 });
  const inForce = { version: 3, documentHash: draft.documentHash };
  const circumstances = { ...alone, admins: ['ada', 'bob'], inForce, nextVersion: 4 };
  assert.equal(transition(draft, approval(draft, true), 'bob', circumstances, noon), 'policy_unchanged');
});

test('who wrote a little of it long ago still wrote it', () => {
  const draft = submitted({ authors: ['ada', 'bob'], editedBy: 'ada' });
  const circumstances = { ...alone, admins: ['ada', 'bob', 'cy'] };
  for (const author of ['ada', 'bob'])
    assert.equal(transition(draft, approval(draft, true), author, circumstances, noon), 'second_approval_required');
  const after = transition(draft, approval(draft, false), 'cy', circumstances, noon);
  assert.ok(typeof after !== 'string' && after.state === 'published');
});

test('a retirement is not edited, and needs neither a document without faults nor a new version', () => {
  const draft = submitted({ action: 'retire', baseVersion: 2 });
  const inForce = { version: 2, documentHash: draft.documentHash };
  const circumstances = { ...alone, admins: ['ada', 'bob'], inForce, nextVersion: 3, faulty: true };
  const after = transition(draft, approval(draft, false), 'bob', circumstances, noon);
  assert.ok(typeof after !== 'string' && after.state === 'published' && after.publishedVersion === null);
  const content = { policy: 'laptops', document: 'b', documentHash: 'b', note: null, baseVersion: 2 };
  assert.equal(
    transition(draft, { kind: 'edit', version: 1, content }, 'ada', circumstances, noon),
    'policy_draft_state',
  );
  const gone = { ...circumstances, inForce: null };
  assert.equal(transition(draft, approval(draft, false), 'bob', gone, noon), 'policy_draft_outdated');
});
