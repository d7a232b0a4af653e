import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readTemplateDocument } from './read-template.ts';

const docs = new URL('../../../../docs/', import.meta.url);

const examples = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .flatMap((page) =>
    readFileSync(new URL(page, docs), 'utf8')
      .split('```yaml\n')
      .slice(1)
      .map((block) => ({ page, text: block.split('\n```')[0] ?? '' })),
  )
  .filter(({ text }) => text.startsWith('template: '));

for (const { page, text } of examples) {
  test(`the template in docs/${page} that begins with ${text.split('\n')[0]} is a sound one`, () => {
    assert.ok(readTemplateDocument(text).title.length > 0);
  });
}

test('the page on exceptions shows a template', () => {
  assert.ok(examples.some(({ page }) => page === 'exceptions.md'));
});
