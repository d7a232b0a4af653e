import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFault, parseJson, sayFault } from './powershell.ts';
import { askRegistry, isAbsent, registrySchema, settingNumber, settingsOf } from './registry-script.ts';

test('what stands in the way is known by ids and numbers, which no language changes', () => {
  const reasons: [string | null, string][] = [
    [
      'CannotCreateComTypeConstrainedLanguage,Microsoft.PowerShell.Commands.NewObjectCommand 0x80131501',
      'permission-denied',
    ],
    ['MethodInvocationNotSupportedInConstrainedLanguage 0x80131501', 'permission-denied'],
    [
      'System.Security.SecurityException,Microsoft.PowerShell.Commands.GetItemPropertyCommand 0x8013150a',
      'permission-denied',
    ],
    ['System.UnauthorizedAccessException 0x80070005', 'permission-denied'],
    [
      'HRESULT 0x80041003,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand 0x80131500',
      'permission-denied',
    ],
    ['CommandNotFoundException 0x80131501', 'tool-absent'],
    ['Zugriff verweigert', 'failed'],
    [null, 'failed'],
  ];
  for (const [fault, reason] of reasons) assert.equal(explainFault(fault).reason, reason, String(fault));
  assert.match(sayFault, /HResult/);
});

test('a key that is absent has no values, and one that is refused is not known', () => {
  const schema = registrySchema(['Start'], ['Text']);
  const absent = schema.parse({ fault: 'PathNotFound,X 0x80131501', values: null });
  const refused = schema.parse({ fault: 'System.Security.SecurityException,X 0x8013150a', values: null });
  assert.deepEqual(settingsOf(absent), new Map());
  assert.equal(settingsOf(refused), undefined);
  assert.equal(isAbsent('Some PathNotFound'), false);
});

test('values that are not there are left out, and numbers may be text', () => {
  const settings = settingsOf({ fault: null, values: { Start: '4', Other: null, Text: 'four', Number: 3 } });
  assert.equal(settings?.has('Other'), false);
  assert.deepEqual(
    ['Start', 'Text', 'Number', 'Other'].map((name) => settingNumber(settings, name)),
    [4, undefined, 3, undefined],
  );
});

test('an answer that lacks a value that was asked for, or holds a word for a number, is none', () => {
  const schema = registrySchema(['Start'], ['Text']);
  const isAnswer = (values: object) => schema.safeParse({ fault: null, values }).success;
  assert.ok(
    isAnswer({ Start: 4, Text: 'four' }) &&
      isAnswer({ Start: '4', Text: null }) &&
      isAnswer({ Start: null, Text: null }),
  );
  for (const values of [
    { Text: null },
    { Start: 4 },
    { start: 4, Text: null },
    { Start: 'four', Text: null },
    { Start: '', Text: null },
  ]) {
    assert.equal(isAnswer(values), false, JSON.stringify(values));
  }
});

test('a script for the registry names its path once, without double quotes', () => {
  assert.doesNotMatch(askRegistry('HKLM:\\X', ['A', 'B']), /"/);
  assert.equal(parseJson('\ufeff{"a":1'), undefined);
});
