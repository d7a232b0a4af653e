import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createSeal } from '@postern/server/sealed';
import { openStore } from '@postern/server/storage/open-store';
import { second, systemClock } from '@postern/shared/time';
import { onBothStores } from '../contract/both-stores.ts';
import { Api } from '../support/api.ts';
import { runCommand, runJson } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { Gateway } from '../support/gateway.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { resource } from '../support/scene.ts';
import { filesIn, spellingsOf } from '../support/secrets-within.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Rotated {
  rotated: boolean;
  ends: { keys: string[]; signalKeys: string[]; tokens: number };
  kid: string;
  signalKid: string;
}

/** A server of its own process, with a device in order and a gateway. */
async function serve(t: TestContext, env: Record<string, string>) {
  const url = `http://127.0.0.1:${env['POSTERN_PORT'] ?? ''}`;
  const server = await startServerProcess(env);
  t.after(() => endProcess(server.child, 'SIGKILL'));
  const made = await runJson<{ token: string }>('postern-server', ['admin-token'], env);
  const admin = new Api(url, made.answer.token);
  assert.equal((await admin.post('/v1/admin/policies', { document: firewallPolicy })).status, 201);
  const { body: gateway } = await admin.post('/v1/admin/gateways', { name: 'App', resources: [resource] });
  const device = await HttpDevice.enroll({ url, issuer: env['POSTERN_ISSUER'] ?? url, clock: systemClock }, admin);
  assert.equal((await device.attest()).status, 200);
  const gatewayAt = (place: string) => new Gateway(place, String(gateway['id']), String(gateway['secret']));
  return { url, server, device, gatewayAt };
}

/** Of the keys of tokens, then of those of signals. */
async function kidsAt(url: string): Promise<unknown[]> {
  const kids = ['.well-known/jwks.json', 'ssf/jwks.json'].map(async (path) => {
    const answer = await fetch(`${url}/${path}`);
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=600');
    return ((await answer.json()) as { keys: { kid: unknown }[] }).keys.map(({ kid }) => kid);
  });
  return (await Promise.all(kids)).flat();
}

describe('keys of servers that run', { concurrency: false }, () => {
  onBothStores(
    'an emergency rotation by the command holds on every server within a second or two',
    async (t, database) => {
      const ports = [await freePort(), await freePort()];
      const env = {
        POSTERN_DATABASE_URL: database.url,
        POSTERN_DATA: temporaryFolder(t, 'rotation'),
        POSTERN_ISSUER: `http://127.0.0.1:${ports[0]}`,
        POSTERN_LOG: 'error',
      };
      const { url, device, gatewayAt } = await serve(t, { ...env, POSTERN_PORT: String(ports[0]) });
      const urls = [url];
      if (database.kind === 'postgres') {
        const other = await startServerProcess({ ...env, POSTERN_PORT: String(ports[1]) });
        t.after(() => endProcess(other.child, 'SIGKILL'));
        urls.push(`http://127.0.0.1:${ports[1]}`);
      }
      const token = await device.accessToken();
      for (const each of urls) assert.equal((await gatewayAt(each).introspect(token))['active'], true);
      const [kid, signalKid] = await kidsAt(url);

      const dry = await runJson<Rotated>('postern-server', ['rotate-keys', '--emergency'], env);
      assert.deepEqual(
        [dry.answer.rotated, dry.answer.ends],
        [false, { keys: [kid], signalKeys: [signalKid], tokens: 1 }],
      );
      const { code, answer } = await runJson<Rotated>('postern-server', ['rotate-keys', '--emergency', '--yes'], env);
      assert.deepEqual([code, answer.rotated], [0, true]);
      const rotatedAt = Date.now();
      for (const each of urls) {
        // Both kinds: the server looks at one after the other.
        const believes = async () =>
          (await gatewayAt(each).introspect(token))['active'] === true || (await kidsAt(each)).includes(signalKid);
        while (await believes()) {
          // The job looks once a second; the rest is for a machine that has much to do.
          assert.ok(Date.now() - rotatedAt < 5 * second, `${each} still believes the old key`);
          await wait(20);
        }
        assert.deepEqual(await kidsAt(each), [answer.kid, answer.signalKid]);
      }
      for (const each of urls) assert.equal((await device.at(each).token()).status, 200, 'and new tokens are issued');
    },
  );

  for (const from of ['file', 'environment'] as const) {
    test(`private keys are nowhere in the clear, with a master secret from the ${from}`, async (t) => {
      const data = temporaryFolder(t, 'at-rest');
      const masterSecret = randomBytes(32).toString('base64url');
      const env: Record<string, string> = {
        POSTERN_DATA: data,
        POSTERN_PORT: String(await freePort()),
        POSTERN_LOG: 'debug',
        ...(from === 'environment' ? { POSTERN_MASTER_SECRET: masterSecret } : {}),
      };
      const { url, server, device } = await serve(t, env);
      const seen = new Map<string, Buffer>();
      const keep = (what: string, text: string) => void seen.set(what, Buffer.from(text));
      keep('a token', await device.accessToken());
      for (const path of [
        '.well-known/jwks.json',
        '.well-known/openid-configuration',
        'ssf/jwks.json',
        'v1/openapi.json',
        'metrics',
      ]) {
        keep(path, await (await fetch(`${url}/${path}`)).text());
      }
      const backup = join(data, 'postern.backup');
      for (const command of [
        ['rotate-keys'],
        ['rotate-keys', '--yes', '--json'],
        ['backup', backup],
        ['audit', 'verify'],
      ]) {
        const { code, stdout, stderr } = await runCommand('postern-server', command, env);
        assert.equal(code, 0, stderr);
        keep(command.join(' '), stdout + stderr);
      }
      const wrong = { ...env, POSTERN_MASTER_SECRET: randomBytes(32).toString('base64url') };
      const refused = await runCommand('postern-server', ['rotate-keys', '--yes'], wrong);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /cannot be opened with this master secret/);
      keep('a refusal', refused.stdout + refused.stderr);

      // While it runs, what it writes is in the journal beside the database.
      const files = filesIn(data);
      const inFile = files.get('master.secret')?.toString().trim();
      assert.equal(inFile === undefined, from === 'environment');
      files.delete('master.secret');
      await endProcess(server.child, 'SIGTERM');
      for (const [name, bytes] of [...files, ...filesIn(data)]) {
        if (name !== 'master.secret') seen.set(`${name} (${seen.size})`, bytes);
      }
      keep('the log', server.output());

      const secret = inFile ?? masterSecret;
      const store = await openStore(`sqlite:${join(data, 'postern.db')}`);
      t.after(() => store.close());
      const rows = await store.read.selectFrom('signing_keys').selectAll().execute();
      const secrets = new Map<string, Buffer>([['the master secret', Buffer.from(secret)]]);
      for (const row of rows) {
        const seal = createSeal(secret, row.use === 'signal' ? 'signal-keys' : 'signing-keys');
        const content = (await seal.open(row.private_jwe)) as Record<string, unknown> & {
          jwk?: Record<string, unknown>;
        };
        const spellings = spellingsOf(content.jwk ?? content);
        for (const [spelling, bytes] of spellings) secrets.set(`${row.use} ${row.kid}: ${spelling}`, bytes);
      }
      assert.ok(rows.length === 4 && secrets.size > 4 * 6, 'the keys before and after, of both uses');
      for (const row of rows) {
        const everywhere = [...seen.values()].filter((bytes) => bytes.includes(row.kid));
        assert.ok(everywhere.length > 1, 'what is not secret is found, so that secrets would be');
      }
      for (const [what, bytes] of secrets) {
        for (const [where, content] of seen) assert.ok(!content.includes(bytes), `${what} is in ${where}`);
      }
    });
  }
});
