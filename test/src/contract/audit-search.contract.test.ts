import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AuditEvent } from '@postern/server/audit/event';
import type { AuditFilter } from '@postern/server/audit/search/filter';
import { readAuditPage } from '@postern/server/audit/search/page';
import { minute } from '@postern/shared/time';
import { onBothStores, type TestDatabase } from './both-stores.ts';

const start = 1_790_000_000_000;
const types = ['token.issued', 'token.refused', 'policy.published'] as const;
const kinds = ['person', 'device'] as const;

/** Whatever is looked for is found by walking through all pages, however few entries a page may look at. */
const bounds = { few: 7, many: 11, atOnce: 4 };

/** Not quite in the order of time: nodes have clocks of their own. */
const event = (index: number): AuditEvent => ({
  at: start + index * minute + ((index * 7) % 5) * 10 * minute,
  type: index % 40 === 3 ? 'policy.published' : index % 3 === 0 ? 'token.refused' : 'token.issued',
  outcome: index % 9 === 0 ? 'failure' : 'success',
  actor: { kind: kinds[index % 2] ?? 'person', id: `actor_${index % 17 === 5 ? 'rare' : index % 3}` },
  subject: index % 4 === 0 ? null : { kind: 'device', id: index % 23 === 2 ? 'actor_0' : `subject_${index % 2}` },
  data: { index },
});
const count = 200;
const events = Array.from({ length: count }, (_, index) => event(index));

async function filled(database: TestDatabase) {
  const store = await database.open();
  await store.commit({ changes: [], audit: events });
  return store.read;
}

const isWanted = (filter: AuditFilter) => (each: AuditEvent) => {
  const { actor, subject } = each;
  return (
    (filter.type === undefined || each.type === filter.type) &&
    (filter.types === undefined || filter.types.includes(each.type)) &&
    (filter.actor === undefined || actor.id === filter.actor) &&
    (filter.subject === undefined || subject?.id === filter.subject) &&
    (filter.about === undefined || actor.id === filter.about || subject?.id === filter.about) &&
    (filter.outcome === undefined || each.outcome === filter.outcome) &&
    (filter.from === undefined || each.at >= filter.from) &&
    (filter.to === undefined || each.at < filter.to)
  );
};

const ids = fc.constantFrom('actor_0', 'actor_1', 'actor_rare', 'subject_0', 'subject_1', 'nobody');
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const time = fc.integer({ min: -10, max: count + 60 }).map((minutes) => start + minutes * minute);
const filters: fc.Arbitrary<AuditFilter> = fc.record({
  type: maybe(fc.constantFrom(...types)),
  types: maybe(fc.uniqueArray(fc.constantFrom(...types), { minLength: 1 })),
  actor: maybe(ids),
  subject: maybe(ids),
  about: maybe(ids),
  outcome: maybe(fc.constantFrom('success' as const, 'failure' as const)),
  from: maybe(time),
  to: maybe(time),
});

onBothStores(
  'page by page everything that a filter asks for comes once, newest first, and nothing else',
  async (_, database) => {
    const read = await filled(database);
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 30 }), async (filter, limit) => {
        const found: unknown[] = [];
        let before: number | undefined;
        for (let pages = 0; ; pages += 1) {
          assert.ok(pages <= count + 1, 'it comes to an end');
          const page = await readAuditPage(read, filter, { before, limit }, bounds);
          assert.ok(page.items.length <= limit);
          found.push(...page.items.map(({ data }) => data['index']));
          if (page.next === null) break;
          assert.ok(before === undefined || Number(page.next) < before, 'each page goes further back');
          before = Number(page.next);
        }
        const wanted = events.flatMap((each, index) => (isWanted(filter)(each) ? [index] : [])).toReversed();
        assert.deepEqual(found, wanted);
      }),
      { numRuns: database.kind === 'sqlite' ? 300 : 60 },
    );
  },
);

onBothStores('what is rare among many is looked for a bit at a time', async (_, database) => {
  const read = await filled(database);
  const wanted = { types: ['policy.published', 'token.refused'] };
  const page = await readAuditPage(read, wanted, { before: undefined, limit: 50 }, bounds);
  assert.ok(page.items.length <= 4, 'of eleven entries four are of these');
  assert.equal(page.next, String(count - bounds.many + 1));
});
