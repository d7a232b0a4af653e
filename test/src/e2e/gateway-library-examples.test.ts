import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { frameworks } from '../support/applications.ts';
import { freePort } from '../support/free-port.ts';
import type { HttpDevice } from '../support/http-device.ts';
import { attested, openScene, resource, type Scene, suiteScope } from '../support/scene.ts';

const examples = resolve(import.meta.dirname, '../../../docs/gateways/examples');

describe('the examples of the documentation, as they stand', () => {
  const scope = suiteScope();
  let scene: Scene;
  let device: HttpDevice;
  before(async () => {
    scene = await openScene(scope);
    device = await attested(scene.backend, scene.admin);
  });
  after(() => scope.clean());

  for (const framework of frameworks) {
    it(`${framework}.ts lets in a good token once, and nobody without`, async (t) => {
      const { body } = await scene.admin.post('/v1/admin/gateways', { name: 'Example', resources: [resource] });
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const env = {
        ...process.env,
        POSTERN_ISSUER: scene.backend.url,
        POSTERN_AUDIENCE: resource,
        PUBLIC_URL: url,
        GATEWAY_ID: String(body['id']),
        GATEWAY_SECRET: String(body['secret']),
        PORT: String(port),
      };
      const child = spawn(process.execPath, [`${examples}/${framework}.ts`], {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      t.after(() => child.kill('SIGKILL'));
      await listening(url, () => assert.equal(child.exitCode, null, said));

      const token = await device.accessToken();
      const proofFor = async (path: string) =>
        device.fake.dpopProof({
          method: 'GET',
          url: url + path,
          nonce: await device.nonce(),
          now: scene.backend.clock.now(),
          accessToken: token,
        });
      const ask = async (path: string, dpop: string) =>
        fetch(url + path, { headers: { authorization: `DPoP ${token}`, dpop } });

      assert.equal((await fetch(`${url}/things`)).status, 401);
      const proof = await proofFor('/things');
      const answer = await ask('/things', proof);
      assert.deepEqual([answer.status, await answer.json()], [200, { device: device.fake.id }], said);
      assert.equal((await ask('/things', proof)).status, 401);
      assert.equal((await ask('/admin', await proofFor('/admin'))).status, 403);
    });
  }
});

/** Until somebody answers there. */
async function listening(url: string, stillRuns: () => void): Promise<void> {
  for (;;) {
    stillRuns();
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 25));
    }
  }
}
