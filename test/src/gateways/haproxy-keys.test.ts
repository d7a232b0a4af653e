import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { root } from '../support/command.ts';
import { findProgram } from '../support/gateway-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { withPrograms } from './missing.ts';

const script = join(root, 'docs', 'gateways', 'haproxy-keys.py');

async function newKey(): Promise<JWK> {
  return exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey);
}

withPrograms('Python 3', { programs: ['python3'], packages: 'python3' }, () => {
  test('haproxy-keys.py follows a rotation, and leaves what it wrote when there is nothing better', async (t) => {
    const folder = join(temporaryFolder(t, 'keys'), 'keys');
    let set: unknown;
    const server = createServer((_, answer) => answer.end(JSON.stringify(set)));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    t.after(() => void server.close());
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

    /** What it ended with, and the keys that are there then. */
    async function run(keys: unknown): Promise<[code: unknown, points: (string | undefined)[]]> {
      set = { keys };
      const code = await new Promise((ended) =>
        execFile(findProgram('python3') ?? '', [script, address, folder], (error) => ended(error?.code ?? 0)),
      );
      const pems = readdirSync(folder).toSorted();
      assert.deepEqual(pems, ['1.pem', '2.pem', '3.pem']);
      const texts = pems.map((name) => readFileSync(join(folder, name), 'utf8'));
      return [code, texts.map((text) => createPublicKey(text).export({ format: 'jwk' }).x)];
    }

    const [one, two, three, four] = await Promise.all([newKey(), newKey(), newKey(), newKey()]);
    const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
    assert.deepEqual(await run([one]), [0, [one.x, one.x, one.x]]);
    assert.deepEqual(await run([one]), [3, [one.x, one.x, one.x]], 'nothing to reload');
    assert.deepEqual(await run([one, rsa, two]), [0, [one.x, two.x, one.x]], 'a key of signals is none of tokens');
    assert.deepEqual(await run([two, one, three]), [0, [two.x, one.x, three.x]]);
    for (const bad of [[], [one, two, three, four], 'none', [{ ...one, x: 'AA' }], null])
      assert.deepEqual(await run(bad), [1, [two.x, one.x, three.x]], JSON.stringify(bad));
  });
});
