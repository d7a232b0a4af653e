/**
 * The lock file names no registry host and has a hash for each package; each package's licence is
 * one that goes with Apache-2.0. Why own code: npm checks neither of the three.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const allowed = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'MIT-0',
  'Python-2.0',
  'PostgreSQL',
]);
/** Licences that are fine for what these packages do here: tools that go into nothing we ship, and a typeface. */
const allowedFor = [[/^lightningcss(-|$)|^axe-core$|^@axe-core\/playwright$/, 'MPL-2.0']];
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const faults = [];

/** `(MIT OR WTFPL)` is fine when one side is; `A AND B` only when both are. */
function isAllowed(licence) {
  if (typeof licence !== 'string') return false;
  const plain = licence.replaceAll(/[()]/g, '').trim();
  if (plain.includes(' OR ')) return plain.split(' OR ').some(isAllowed);
  if (plain.includes(' AND ')) return plain.split(' AND ').every(isAllowed);
  return allowed.has(plain);
}

function licenceOf(path, entry) {
  if (entry.license !== undefined) return entry.license;
  try {
    const { license, licenses } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    return license ?? licenses?.[0]?.type;
  } catch {
    return undefined;
  }
}

let checked = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  // Those of a workspace lie in its own folder where their version is another one.
  if (entry.link || !path.includes('node_modules/')) continue;
  checked += 1;
  if (entry.resolved !== undefined) faults.push(`${path}: the lock file holds a download address`);
  if (entry.integrity === undefined) faults.push(`${path}: the lock file holds no hash`);
  const licence = licenceOf(path, entry);
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const isFine = isAllowed(licence) || allowedFor.some(([names, one]) => names.test(name) && one === licence);
  if (!isFine) faults.push(`${path}: licence ${licence ?? 'unknown'} is not on the list`);
}
if (checked < 50) faults.push(`only ${checked} packages were read`);

for (const fault of faults) console.error(`  ${fault}`);
console.log(`  ${checked} packages, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
