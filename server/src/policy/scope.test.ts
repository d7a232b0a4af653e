import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyDocumentSchema } from '@postern/shared/protocol/policy';
import type { Subject } from './subject.ts';
import { concernsResource, concernsSubject } from './scope.ts';
import { aSubject } from './testing/evaluate.ts';
import { aRule } from './testing/given.ts';
import type { Asked } from './types.ts';

function scope(appliesTo: Record<string, unknown>) {
  const document = { policy: 'test', title: 'Test', rules: [aRule()], applies_to: appliesTo };
  return policyDocumentSchema.parse(document).applies_to;
}

const anna = { id: 'anna', email: 'anna@example.com', groups: ['Engineering'] };

const subjects: [string, Record<string, unknown>, Partial<Subject>, boolean][] = [
  ['nothing narrows: everybody', {}, {}, true],
  ['a system of the list', { platforms: ['macos', 'linux'] }, {}, true],
  ['another system', { platforms: ['macos'] }, {}, false],
  ['a person by address', { users: ['anna@example.com'] }, {}, true],
  ['a person by an address in capitals', { users: ['Anna@Example.com'] }, {}, true],
  ['another person', { users: ['ben@example.com'] }, {}, false],
  ['somebody in one of the groups', { groups: ['Sales', 'Engineering'] }, {}, true],
  ['somebody in none of them', { groups: ['Sales'] }, {}, false],
  ['a group by another spelling is another group', { groups: ['engineering'] }, {}, false],
  ['users and groups: by address alone', { users: ['anna@example.com'], groups: ['Sales'] }, {}, true],
  ['users and groups: by group alone', { users: ['ben@example.com'], groups: ['Engineering'] }, {}, true],
  ['users and groups: neither', { users: ['ben@example.com'], groups: ['Sales'] }, {}, false],
  ['a corporate device', { ownership: ['corporate'] }, { ownership: 'corporate' }, true],
  ['a personal device', { ownership: ['corporate'] }, { ownership: 'personal' }, false],
  [
    'a device of which nobody has said counts as corporate',
    { ownership: ['corporate'] },
    { ownership: 'unknown' },
    true,
  ],
  ['and as personal', { ownership: ['personal'] }, { ownership: 'unknown' }, true],
  [
    'everything must fit: the person does, the device does not',
    { groups: ['Engineering'], ownership: ['personal'] },
    { ownership: 'corporate' },
    false,
  ],
];

for (const [name, appliesTo, rest, expected] of subjects) {
  test(`whom: ${name}`, () => {
    assert.equal(concernsSubject(scope(appliesTo), aSubject({ person: anna, ...rest })), expected);
  });
}

const wiki: Asked = { name: 'https://wiki', tier: null };
const vault: Asked = { name: 'https://vault', tier: 'critical' };

const resources: [string, Record<string, unknown>, Asked | null, boolean][] = [
  ['nothing narrows: any', {}, wiki, true],
  ['nothing narrows: also the device as such', {}, null, true],
  ['one of the list', { resources: ['https://vault'] }, vault, true],
  ['another', { resources: ['https://vault'] }, wiki, false],
  ['never the device as such', { resources: ['https://vault'] }, null, false],
  ['its tier', { resource_tiers: ['high', 'critical'] }, vault, true],
  ['another tier', { resource_tiers: ['low'] }, vault, false],
  ['one without a tier counts as any', { resource_tiers: ['low'] }, wiki, true],
  ['a tier is never that of the device as such', { resource_tiers: ['low'] }, null, false],
  ['by name although its tier is another', { resources: ['https://vault'], resource_tiers: ['low'] }, vault, true],
  ['by tier although its name is another', { resources: ['https://wiki'], resource_tiers: ['critical'] }, vault, true],
  ['neither by name nor by tier', { resources: ['https://wiki'], resource_tiers: ['low'] }, vault, false],
];

for (const [name, appliesTo, asked, expected] of resources) {
  test(`what is asked for: ${name}`, () => assert.equal(concernsResource(scope(appliesTo), asked), expected));
}
