import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportNames } from '@postern/shared/protocol/analytics';
import { daysOf, isReport, reportGroups } from './reports.ts';

test('each report stands under one heading', () => {
  assert.deepEqual(Object.values(reportGroups).flat().toSorted(), [...reportNames].toSorted());
});

test('an address that names no report or period leads to none', () => {
  assert.deepEqual([isReport('approvers'), isReport('__proto__'), isReport(undefined)], [true, false, false]);
  assert.deepEqual([daysOf('90'), daysOf('31'), daysOf(undefined)], ['90', '30', '30']);
});
