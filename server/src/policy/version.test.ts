import assert from 'node:assert/strict';
import { test } from 'node:test';
import { versionAtLeast } from './version.ts';

const matrix: [string, string, boolean, string][] = [
  ['15.1', '15.0', true, 'a later minor version'],
  ['15', '15.0', true, 'missing numbers count as zero'],
  ['9.9', '15', false, 'numbers are compared, not letters'],
  ['10.0.26100.2314', '10.0.26100.2000', true, 'the build counts'],
  ['10.0.26100.1999', '10.0.26100.2000', false, 'an earlier build is not enough'],
  ['6.8.0-45-generic', '6.8.0-50', false, 'the patch level of a kernel counts'],
  ['6.1.0-18-amd64', '6.1.0', true, 'the name of an architecture is no pre-release'],
  ['5.14.0-427.13.1.el9_4.x86_64', '5.14.0-427.13.2', false, 'more numbers than four'],
  ['22631.4317', '22631', true, 'a Windows build with its revision'],
];

for (const [version, least, expected, name] of matrix) {
  test(`${version} is ${expected ? '' : 'not '}at least ${least}: ${name}`, () => {
    assert.equal(versionAtLeast(version, least), expected);
  });
}

for (const version of ['24B83', '', 'rolling', '*', 'v15', '1.2rc1']) {
  test(`'${version}' is not compared as if it were a version`, () => {
    assert.throws(() => versionAtLeast(version, '1'), TypeError);
  });
}
