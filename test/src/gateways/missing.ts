import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProgram } from '../support/gateway-process.ts';

/** Runs the suite when the programs are here. Otherwise it is skipped, and fails where everything must be proved. */
export function withPrograms(
  name: string,
  wanted: { programs: string[]; files?: string[]; packages: string },
  run: (programs: string[]) => void,
): void {
  const found = wanted.programs.map((program) => findProgram(program));
  const how = `${name} is not here: apt-get install ${wanted.packages}`;
  if (found.every((path) => path !== undefined)) run(found);
  else if (process.env['CI'] === 'true') test(`an application behind ${name}`, () => assert.fail(how));
  else test(`an application behind ${name}`, { skip: how }, () => undefined);
}
