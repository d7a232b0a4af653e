import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Fault } from '@postern/shared/protocol/errors';
import { readPolicyDocument } from './read-document.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const pages = ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

interface Example {
  page: string;
  line: number;
  text: string;
}

/** Every block of YAML in a page. */
function examplesOf(page: string): Example[] {
  const [before = '', ...blocks] = readFileSync(path.join(root, page), 'utf8').split('```yaml\n');
  let line = before.split('\n').length;
  return blocks.map((block) => {
    const example = { page, line, text: block.split('\n```')[0] ?? '' };
    line += block.split('\n').length;
    return example;
  });
}

/** A list of rules is shown without the document around it. */
function asDocument(text: string): string {
  return text.startsWith('- ') ? `policy: example\ntitle: Example\nrules:\n${text.replaceAll(/^/gm, '  ')}\n` : text;
}

function faultsOf(text: string): string[] {
  try {
    readPolicyDocument(text);
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.details.map(({ path: place, message }) => `${place}: ${message}`);
  }
}

// Those of templates are read in exceptions/templates/; those of Kubernetes say which API they are of, those of the configuration
// (config-file.ts) begin with a part of it.
const examples = pages.flatMap(examplesOf).filter(({ text }) => !/^(?:template: |apiVersion: |sign_in:$)/m.test(text));

for (const { page, line, text } of examples) {
  test(`the example in ${page} at line ${line} is a policy document, or rules of one`, () => {
    assert.deepEqual(faultsOf(asDocument(text)), []);
  });
}

test('the pages on policies and on releases show examples', () => {
  const shown = (page: string) => examples.filter((each) => each.page === page).length;
  assert.ok(shown('docs/policies.md') >= 8);
  assert.ok(shown('docs/releases.md') >= 1);
});

test('the mistakes that the guide shows are told in those words', () => {
  const guide = readFileSync(path.join(root, 'docs/policies.md'), 'utf8');
  const lines = guide.split('\n').filter((line) => /^rules\.\d+\.\w+: line \d/.test(line));
  assert.equal(lines.length, 2);
  const rule = (id: string, more: string) =>
    `  - id: ${id}\n    title: Title\n    check: ${id}\n    expected: Words.\n${more}`;
  const document = [
    'policy: mistakes\ntitle: Mistakes\nrules:\n',
    rule('firewall', '    require: value.enabled\n    on_unknwon: warn\n'),
    rule('disk-encryption', '    require: value.state == "ful"\n'),
  ].join('');
  // Below a fault in an expression that expression is shown again, with a caret.
  const withoutPlaces = (text: string) => text.replace(/line \d+, column \d+: /, '').split('\n')[0];
  assert.deepEqual(faultsOf(document).map(withoutPlaces), lines.map(withoutPlaces));
});
