import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import { asciiJson, script, signaturesOnWindows } from './windows.ts';

const powershell = `C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -NoLogo -NoProfile -NonInteractive -Command ${script}`;
const answering = (answer: unknown) =>
  recordedSystem({ platform: 'windows', commands: { [powershell]: JSON.stringify(answer) } });
const subject = 'CN=Example Ltd, O=Example Ltd, L=Zürich, C=CH';

for (const [status, signature, signer] of [
  ['Valid', 'valid', subject],
  ['NotSigned', 'none', null],
  ['HashMismatch', 'invalid', null],
  ['NotTrusted', 'invalid', null],
  ['UnknownError', 'unknown', null],
  ['Failed', 'unknown', null],
  ['Valide', 'unknown', null],
] as const) {
  test(`${status} is ${signature}`, async () => {
    const read = await signaturesOnWindows.read(answering([{ status, subject }]), ['C:\\a.exe']);
    assert.deepEqual(read, [{ signature, signer }]);
  });
}

test('a path goes in on standard input and never into the script or its arguments, whatever is in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (name) => {
      const paths = [`C:\\${name}`, "C:\\'; Remove-Item C:\\ -Recurse; '.exe", 'C:\\$(calc).exe', 'C:\\`"\n.exe'];
      const system = answering(paths.map(() => ({ status: 'Valid', subject })));
      assert.equal((await signaturesOnWindows.read(system, paths)).length, paths.length);
      assert.deepEqual(system.ran, [powershell]);
      assert.deepEqual(
        JSON.parse(system.inputs[0] ?? ''),
        paths.map((path) => (path.toWellFormed() === path ? path : JSON.parse(asciiJson(path)))),
      );
      assert.match(system.inputs[0] ?? '', /^[\x20-\x7e]*$/);
    }),
  );
});

test('answers that cannot be matched to their files say nothing of any', async () => {
  const unknown = { signature: 'unknown', signer: null };
  const two = ['C:\\a.exe', 'C:\\b.exe'];
  assert.deepEqual(await signaturesOnWindows.read(answering([{ status: 'Valid', subject }]), two), [unknown, unknown]);
  assert.deepEqual(await signaturesOnWindows.read(answering({ status: 'Valid', subject }), ['C:\\a.exe']), [unknown]);
  for (const result of [refused, exited(1), exited(0, '[{"status":"Valid","sub')]) {
    const system = recordedSystem({ platform: 'windows', commands: { [powershell]: result } });
    assert.deepEqual(await signaturesOnWindows.read(system, ['C:\\a.exe']), [unknown]);
  }
});
