import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemIntegrity } from '@postern/shared/checks/system-integrity';
import fc from 'fast-check';
import { reasonOf, valueOf } from '../testing/assert-finding.ts';
import { recordedSystem, refused, type Recording } from '../testing/recorded-system.ts';
import { readLinux } from './linux.ts';

const lockdownFile = '/sys/kernel/security/lockdown';
const enforce = '/sys/module/module/parameters/sig_enforce';
const tainted = '/proc/sys/kernel/tainted';
const disabled = '/proc/sys/kernel/modules_disabled';
const base = { [tainted]: '0\n', [enforce]: 'N\n', [disabled]: '0\n', '/proc/modules': 'ext4 1 0 - Live 0x0\n' };
const read = (files: Recording['files']) => readLinux(recordedSystem({ platform: 'linux', files: files ?? {} }));
const protection = async (name: string, files: Recording['files']) =>
  valueOf(await read(files), systemIntegrity).protections.find((each) => each.name === name);

test('lockdown: the mode in brackets holds, not the one that stands first', async () => {
  for (const [text, intact, detail] of [
    ['[none] integrity confidentiality\n', false, 'none'],
    ['none [integrity] confidentiality\n', true, 'integrity'],
    ['none integrity [confidentiality]\n', true, 'confidentiality'],
    ['none integrity\n', null, null],
    ['', null, null],
  ] as const) {
    const found = await protection('lockdown', { ...base, [lockdownFile]: text });
    assert.deepEqual(found, { name: 'lockdown', intact, detail });
  }
});

test('lockdown: a kernel without it has none; a folder that is not mounted or closed tells nothing', async () => {
  assert.equal(
    (await protection('lockdown', { ...base, '/sys/kernel/security/lsm': 'capability,yama' }))?.intact,
    false,
  );
  assert.equal((await protection('lockdown', base))?.intact, null);
  assert.equal(
    (await protection('lockdown', { ...base, [lockdownFile]: refused, '/sys/kernel/security/lsm': '' }))?.intact,
    null,
  );
});

test('module signatures: enforced, by lockdown, no more modules, or not', async () => {
  const name = 'module-signatures';
  assert.deepEqual(await protection(name, { ...base, [enforce]: 'Y\n' }), { name, intact: true, detail: 'enforced' });
  assert.deepEqual(await protection(name, base), { name, intact: false, detail: 'not enforced' });
  assert.equal((await protection(name, { ...base, [disabled]: '1\n' }))?.detail, 'modules disabled');
  assert.equal(
    (await protection(name, { ...base, [lockdownFile]: 'none [integrity] confidentiality\n' }))?.intact,
    true,
  );
  assert.equal((await protection(name, { ...base, [enforce]: refused }))?.intact, null);
  const old = { [tainted]: '0\n', [disabled]: '0\n', '/proc/modules': '' };
  assert.deepEqual(await protection(name, old), { name, intact: false, detail: 'not in this kernel' });
});

test('taint: a driver that is not free, a warning or a broken page is no attack; a forced or unsigned module may be one', async () => {
  for (const [taint, intact, detail] of [
    ['0', true, null],
    ['1', true, null],
    ['4097', true, null],
    ['512', true, null],
    ['128', true, null],
    ['2', false, 'F module loaded by force'],
    ['8', false, 'R module unloaded by force'],
    ['256', false, 'A ACPI table replaced'],
    ['12289', false, 'E unsigned module'],
    ['8194', false, 'F module loaded by force, E unsigned module'],
  ] as const) {
    assert.deepEqual(await protection('taint', { ...base, [tainted]: `${taint}\n` }), {
      name: 'taint',
      intact,
      detail,
    });
  }
});

test('taint: a number that is cut off or is none is not told', async () => {
  for (const text of ['', '1', 'x\n', '-1\n', '1 2\n']) {
    assert.equal((await protection('taint', { ...base, [tainted]: text }))?.intact, null, text);
  }
});

test('a kernel that tells nothing is unknown, and a container says nothing of its host', async () => {
  assert.equal(reasonOf(await read({})), 'no-data');
  const finding = await read({ ...base, '/run/.containerenv': '' });
  assert.equal(finding.status === 'unsupported' && finding.reason, 'container');
});

test('whatever the files hold, nothing is called intact that they do not call so', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      fc.pre(!/\[(?:integrity|confidentiality)\]|^\s*[Y1]\s*$|^\d+\n$/.test(text));
      const files = { [lockdownFile]: text, [enforce]: text, [tainted]: text, [disabled]: text };
      const finding = await read(files);
      if (finding.status !== 'ok') return;
      assert.ok(finding.value.protections.every(({ intact }) => intact !== true));
    }),
  );
});
