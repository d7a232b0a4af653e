import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exited, recordedSystem, refused } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { signaturesOnMacos, teamOf } from './macos.ts';

const path = '/Applications/EDR.app/Contents/MacOS/EDR';
const verify = `/usr/bin/codesign --verify --strict -R=anchor apple generic ${path}`;
const display = `/usr/bin/codesign -dv ${path}`;
const shown = (team: string) =>
  `Executable=${path}\nIdentifier=com.example.edr\nFormat=app bundle with Mach-O universal (x86_64 arm64)\nCodeDirectory v=20500 size=1234 flags=0x10000(runtime) hashes=28+7 location=embedded\nSignature size=9012\nTimestamp=3 Nov 2026 at 10:11:12\nTeamIdentifier=${team}\nSealed Resources version=2 rules=13 files=42\n`;

const cases: [string, CommandResult, string, [string, string | null]][] = [
  ['of a known team', exited(0), shown('EQHXZ8M8AV'), ['valid', 'EQHXZ8M8AV']],
  ['of Apple itself', exited(0), shown('not set'), ['valid', null]],
  [
    'by nobody (ad hoc), which codesign alone calls valid',
    exited(3, '', `${path}: test-requirement: code failed to satisfy specified code requirement(s)\n`),
    '',
    ['none', null],
  ],
  [
    'not there',
    exited(1, '', `${path}: code object is not signed at all\nIn architecture: arm64\n`),
    '',
    ['none', null],
  ],
  [
    'broken',
    exited(1, '', `${path}: invalid signature (code or signature have been modified)\n`),
    '',
    ['invalid', null],
  ],
  [
    'of a bundle that was changed',
    exited(1, '', `${path}: a sealed resource is missing or invalid\n`),
    '',
    ['invalid', null],
  ],
  ['revoked', exited(1, '', `${path}: CSSMERR_TP_CERT_REVOKED\n`), '', ['invalid', null]],
  ['not readable', exited(1, '', `${path}: Permission denied\n`), '', ['unknown', null]],
  ['asked for with an option that is not known', exited(2, '', 'Usage: codesign\n'), '', ['unknown', null]],
  ['not told in time', { outcome: 'timed-out' }, '', ['unknown', null]],
  ['not to be asked for', refused, '', ['unknown', null]],
];
for (const [what, result, description, [signature, signer]] of cases) {
  test(`a signature that is ${what} is ${signature}`, async () => {
    const commands = { [verify]: result, [display]: exited(0, '', description) };
    const system = recordedSystem({ platform: 'macos', commands });
    assert.deepEqual(await signaturesOnMacos.read(system, [path]), [{ signature, signer }]);
  });
}

test('a verdict beside an error is none, and a team is ten characters', async () => {
  for (const result of [exited(0, '', `${path}: warning: truncated\n`), exited(0, '', 'error\n')]) {
    const system = recordedSystem({
      platform: 'macos',
      commands: { [verify]: result, [display]: exited(0, '', shown('EQHXZ8M8AV')) },
    });
    assert.deepEqual(await signaturesOnMacos.read(system, [path]), [{ signature: 'unknown', signer: null }]);
  }
  for (const team of ['EQHXZ8M8A', 'EQHXZ08M8AV', 'EQHXZ8M8\ufffdV', 'eqhxz8m8av'])
    assert.equal(teamOf(shown(team)), null, team);
});

test('a description that is cut off or made up names no signer, or one that fits a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const team = teamOf(`TeamIdentifier=${text}\n`);
      assert.ok(team === null || (team.length <= 256 && !/[\n\r]/.test(team)));
    }),
  );
});
