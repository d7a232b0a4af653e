import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { openTestStore } from '../../storage/testing/test-store.ts';
import { builtInNames, builtInTemplate } from './built-in.ts';
import { readTemplateDocument } from './read-template.ts';
import { ensureDefaultTemplates, findTemplate, readTemplates } from './store.ts';

const now = Date.parse('2026-11-23T09:00:00Z');

describe('built-in templates', () => {
  for (const name of builtInNames) {
    test(`${name} is a sound template of that name`, () => {
      assert.equal(readTemplateDocument(builtInTemplate(name)).template, name);
    });
  }

  test('are all there is in their folder', () => {
    const files = readdirSync(new URL('documents', import.meta.url)).map((file) => file.replace('.yaml', ''));
    assert.deepEqual(files.toSorted(), [...builtInNames].toSorted());
  });

  test('are published once, each with an entry in the audit', async (t) => {
    const store = await openTestStore(t);
    assert.equal(await ensureDefaultTemplates(store, now), true);
    assert.equal(await ensureDefaultTemplates(store, now), false);
    const templates = await readTemplates(store.read);
    assert.deepEqual(
      templates.map(({ name, version }) => `${name} ${version}`),
      [...builtInNames].toSorted().map((each) => `${each} 1`),
    );
    const entries = await store.read
      .selectFrom('audit')
      .select('type')
      .where('type', '=', 'template.published')
      .execute();
    assert.equal(entries.length, builtInNames.length);
    assert.equal((await findTemplate(store.read, 'audit'))?.document.title, 'An audit or a legal hold');
    assert.equal(await findTemplate(store.read, 'other'), undefined);
  });

  test('are published once by nodes that start together', async (t) => {
    const store = await openTestStore(t);
    const did = await Promise.all([1, 2, 3].map(() => ensureDefaultTemplates(store, now)));
    assert.equal(did.filter(Boolean).length, 1);
    assert.equal((await readTemplates(store.read)).length, builtInNames.length);
  });
});
