import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { catalogue } from '@postern/shared/checks/catalogue';
import { policyDocumentSchema } from '@postern/shared/protocol/policy';
import { defaultPolicy } from './default-policy.ts';
import { policyJsonSchema } from './json-schema.ts';
import { readPolicyDocument } from './read-document.ts';
import { policySchemaRoute } from './schema-route.ts';
import { aRule } from './testing/given.ts';
import { guideExamples } from './testing/guide.ts';
import { schemaFaults } from './testing/json-schema.ts';

const docs = new URL('../../../docs/', import.meta.url);
const schema = policyJsonSchema();

test('the file in docs is the schema of this program: postern-server policy schema > docs/policy.schema.json', () => {
  const written: unknown = JSON.parse(readFileSync(new URL('policy.schema.json', docs), 'utf8'));
  assert.deepEqual(written, schema);
});

test('it is served to anybody', async () => {
  const route = policySchemaRoute();
  assert.deepEqual([route.path, route.audience], ['/v1/policy.schema.json', 'open']);
  const { status, body } = await route.handle({} as Parameters<typeof route.handle>[0]);
  assert.deepEqual([status, body], [200, schema]);
  assert.ok(route.replies[200]?.safeParse(body).success);
});

test('every member says what it is for', () => {
  const members = (part: unknown, path: string): string[] => {
    if (typeof part !== 'object' || part === null) return [];
    const properties = 'properties' in part ? (part.properties as Record<string, Record<string, unknown>>) : {};
    const isSchema = 'type' in part && part.type === 'object';
    return [
      ...(isSchema
        ? Object.entries(properties)
            .filter(([, each]) => typeof each['description'] !== 'string')
            .map(([name]) => `${path}/${name}`)
        : []),
      ...Object.entries(part).flatMap(([name, each]) => members(each, `${path}/${name}`)),
    ];
  };
  assert.deepEqual(members(schema, ''), []);
});

test('checks are those of the catalogue, with their titles', () => {
  const rule = (schema.definitions as Record<string, typeof schema>)['PolicyRule'];
  assert.ok(typeof rule === 'object');
  const check = rule.properties?.['check'];
  assert.ok(typeof check === 'object');
  assert.deepEqual(
    check.oneOf?.map((each) => (typeof each === 'object' ? [each.const, each.title] : each)),
    catalogue.map(({ id, title }) => [id, title]),
  );
});

const examples: [string, string][] = [['the default policy', defaultPolicy()], ...guideExamples()];

for (const [name, text] of examples) {
  test(`${name} is read, and no editor underlines anything in it`, () => {
    readPolicyDocument(text);
    assert.deepEqual(schemaFaults(parse(text), schema), []);
  });
}

const document = (rule: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) => ({
  policy: 'test',
  title: 'Test',
  rules: [aRule(rule)],
  ...rest,
});

const onFiles = { check: 'files', require: 'size(value.files) > 0' };

const underlined: [string, unknown, string][] = [
  ['a key that nobody knows', document({}, { titel: 'x' }), '/titel'],
  ['a key of a rule that nobody knows', document({ on_unknwon: 'warn' }), '/rules/0/on_unknwon'],
  ['a key of an exception that nobody knows', document({ exceptions: { max: '1d' } }), '/rules/0/exceptions/max'],
  ['a check that is none', document({ check: 'fire-wall' }), '/rules/0/check'],
  ['a word that is none', document({ on_unknown: 'blok' }), '/rules/0/on_unknown'],
  ['a system that is none', document({ platforms: ['osx'] }), '/rules/0/platforms/0'],
  ['a duration that is none', document({}, { max_age: 'soon' }), '/max_age'],
  ['a duration of nothing', document({}, { max_age: '' }), '/max_age'],
  ['a number as duration', document({ time_to_fix: 7 }), '/rules/0/time_to_fix'],
  ['a link that runs something', document({ link: { default: 'javascript:alert(1)' } }), '/rules/0/link/default'],
  ['files without targets', document(onFiles), '/rules/0/targets'],
  ['targets that nobody looks at', document({ targets: { default: ['/a'] } }), '/rules/0/targets'],
  ['a target with a wildcard', document({ ...onFiles, targets: { linux: ['/a*'] } }), '/rules/0/targets/linux/0'],
  ['a document without rules', { policy: 'test', title: 'Test', rules: [] }, '/rules'],
  ['a rule without words', { policy: 'test', title: 'Test', rules: [{ id: 'a' }] }, '/rules/0/title'],
];

for (const [name, given, path] of underlined) {
  test(`an editor underlines ${name}`, () => {
    const faults = schemaFaults(given, schema);
    assert.ok(faults.includes(path), faults.join(' '));
    assert.equal(policyDocumentSchema.safeParse(given).success && isRead(given), false, 'and the backend refuses it');
  });
}

function isRead(given: unknown): boolean {
  try {
    return readPolicyDocument(JSON.stringify(given)).rules.length > 0;
  } catch {
    return false;
  }
}

const fine: [string, unknown][] = [
  ['a bare 0', document({ time_to_fix: 0 })],
  ['never', document({ time_to_fix: 'never' })],
  ['no exceptions', document({ exceptions: false })],
  ['files with targets', document({ ...onFiles, targets: { default: ['/a'], windows: ['C:\\a'] } })],
];
for (const [name, given] of fine) {
  test(`an editor underlines nothing in ${name}`, () => assert.deepEqual(schemaFaults(given, schema), []));
}
