import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { buildApp } from '@postern/server/app';
import { readConfig } from '@postern/server/config-read';
import { openDeps } from '@postern/server/open-deps';
import { systemClock } from '@postern/shared/time';
import { Api } from '../support/api.ts';
import { startBackend } from '../support/backend.ts';
import { runCommand, runJson } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { Gateway } from '../support/gateway.ts';
import { firewallPolicy, HttpDevice } from '../support/http-device.ts';
import { operationsOf, readOpenApi } from '../support/openapi.ts';
import { resource } from '../support/scene.ts';
import { endProcess, startServerProcess } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Scope = Parameters<typeof startBackend>[0];

/** A backend with a device that has a token, and a gateway that can ask about it. */
async function opening(t: Scope) {
  const backend = await startBackend(t);
  const admin = await backend.person('ada@example.org', ['admin']);
  await backend.publish(firewallPolicy, admin);
  const gateway = await backend.gateway(admin, resource);
  const device = await HttpDevice.enroll(backend, admin);
  assert.equal((await device.attest()).status, 200);
  return { backend, admin, gateway, device };
}

describe('what operators ask', () => {
  test('/healthz, /readyz and /metrics', async (t) => {
    const { backend, device } = await opening(t);
    await device.accessToken();
    assert.deepEqual(await (await fetch(`${backend.url}/healthz`)).json(), { status: 'up' });
    assert.deepEqual(await (await fetch(`${backend.url}/readyz`)).json(), { status: 'ready' });

    const answer = await fetch(`${backend.url}/metrics`);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    const text = await answer.text();
    for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
      assert.match(line, /^[a-z_:][\w:]*(\{.*\})? (\S+)$/i);
    }
    assert.match(text, /route="\/oauth\/token"/);
    assert.ok(!text.includes(device.fake.id), 'addresses are templates: no ids');
    const forwarded = await fetch(`${backend.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.5' } });
    assert.equal(forwarded.status, 404, 'not for those beyond a proxy');
  });

  test('the OpenAPI document describes every route, and every reference in it resolves', async (t) => {
    const backend = await startBackend(t);
    const document = await readOpenApi(backend.url);
    assert.match(document.openapi, /^3\.1\./);
    assert.deepEqual(document.servers, [{ url: backend.url }]);

    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '');
    assert.ok(references.length > 50);
    for (const reference of references) {
      let place: unknown = document;
      for (const step of reference.replace('#/', '').split('/')) place = (place as Record<string, unknown>)[step];
      assert.equal(typeof place, 'object', reference);
    }

    const deps = await openDeps(readConfig({ POSTERN_DATA: temporaryFolder(t, 'routes'), POSTERN_LOG: 'silent' }));
    t.after(() => deps.store.close());
    const served = buildApp(deps, () => false).routes.map(({ method, path }) => `${method} ${path}`);
    const operations = await operationsOf(backend.url);
    assert.deepEqual(operations.map(({ name }) => name).toSorted(), served.toSorted());

    const ids = operations.map(({ documented }) => documented.operationId);
    assert.equal(new Set(ids).size, operations.length, 'operation ids differ');
    for (const { name, path, parameters, documented } of operations) {
      assert.ok((documented.summary ?? '').length > 5, `${name} has a summary`);
      const inPath = parameters.filter((each) => each.in === 'path').map((each) => `{${each.name}}`);
      assert.deepEqual(inPath.toSorted(), [...path.matchAll(/\{\w+\}/g)].map(([each]) => each).toSorted(), name);
      const statuses = Object.keys(documented.responses);
      // Where browsers are led on, the answer is where to.
      assert.ok(statuses.some((status) => /^[23]/.test(status)) && statuses.includes('400'), name);
      for (const scheme of (documented.security ?? []).flatMap((each) => Object.keys(each))) {
        assert.ok(scheme in document.components.securitySchemes, `${name}: ${scheme}`);
      }
    }
  });
});

describe('starting', { concurrency: true }, () => {
  test('several faults of the configuration are told at once', async (t) => {
    const { code, stdout, stderr } = await runCommand('postern-server', ['serve'], {
      POSTERN_DATA: temporaryFolder(t, 'faults'),
      POSTERN_PORT: 'eighty',
      POSTERN_LOG: 'loud',
      POSTERN_PROT: '7420',
      POSTERN_ISSUER: 'trust.example.com/',
      POSTERN_TRUSTED_PROXIES: '10.0.0.0/99',
    });
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /5 faults/);
    for (const name of ['PORT', 'LOG', 'PROT', 'ISSUER', 'TRUSTED_PROXIES']) {
      assert.match(stderr, new RegExp(`^  POSTERN_${name}: `, 'm'));
    }
    assert.match(stderr, /POSTERN_PROT.*POSTERN_PORT/, 'and what was meant');
  });

  test('beyond loopback it listens only with TLS or behind a declared proxy', async (t) => {
    const env = { POSTERN_DATA: temporaryFolder(t, 'open'), POSTERN_HOST: '0.0.0.0', POSTERN_PORT: '0' };
    const { code, stderr } = await runCommand('postern-server', ['serve'], {
      ...env,
      POSTERN_ISSUER: 'https://trust.example',
    });
    assert.equal(code, 1);
    assert.match(stderr, /POSTERN_HOST: .*TLS/);
    const plain = await runCommand('postern-server', ['serve'], { ...env, POSTERN_ISSUER: 'http://trust.example' });
    assert.match(plain.stderr, /POSTERN_ISSUER: must be https/);
  });

  test('TLS from files', async (t) => {
    const folder = temporaryFolder(t, 'tls');
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const made = spawnSync('openssl', [...kind, '-keyout', key, '-out', cert, ...subject], { encoding: 'utf8' });
    if (made.status !== 0) return t.skip('openssl: it is needed to make a certificate');

    const half = await runCommand('postern-server', ['serve'], {
      POSTERN_DATA: join(folder, 'half'),
      POSTERN_PORT: '0',
      POSTERN_TLS_CERT: cert,
    });
    assert.equal(half.code, 1);
    assert.match(half.stderr, /POSTERN_TLS_KEY: .*both or neither/);

    const backend = await startBackend(t, { POSTERN_TLS_CERT: cert, POSTERN_TLS_KEY: key });
    assert.match(backend.url, /^https:/);
    const agent = new Agent({ ca: readFileSync(cert) });
    t.after(() => agent.destroy());
    const metadata = await new Promise<string>((resolve, reject) => {
      get(`${backend.url}/.well-known/oauth-authorization-server`, { agent }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve(text));
      }).on('error', reject);
    });
    assert.equal((JSON.parse(metadata) as { issuer: string }).issuer, backend.url);
    await assert.rejects(fetch(`${backend.url}/healthz`), 'an unknown certificate is not trusted');
    await assert.rejects(fetch(`${backend.url.replace('https', 'http')}/healthz`), 'nothing is said in the clear');
  });
});

test('a stop lets a request in flight finish, takes no other, and ends with 0', async (t) => {
  const port = await freePort();
  const env = { POSTERN_DATA: temporaryFolder(t, 'stop'), POSTERN_PORT: String(port), POSTERN_LOG: 'info' };
  const { child, output } = await startServerProcess(env);
  t.after(() => child.kill('SIGKILL'));
  const body = JSON.stringify({ code: 'a-code-that-nobody-was-given' });
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (text: string) => (answer += text));
  socket.on('error', () => undefined);
  const head = `POST /v1/admin/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, 10));
  // Another request is answered after these bytes arrived, so the server has them too.
  await fetch(`http://127.0.0.1:${port}/healthz`);

  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  while (!output().includes('"stopping"')) await once(child.stderr ?? assert.fail(), 'data');
  // Often enough that a server that cuts its callers off would have done so.
  for (let tries = 0; tries < 100; tries += 1) {
    await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`), 'no new connections');
  }
  assert.equal(child.exitCode, null, 'it waits');
  socket.write(body.slice(10));
  await once(socket, 'close');
  assert.match(answer, /^HTTP\/1\.1 401 .*"error_code":"sign_in_link_invalid"/s);
  assert.deepEqual(await ended, [0, null]);
});

test('exit codes: 0 done, 1 refused, 2 wrong use, 3 unreachable', async (t) => {
  const folder = temporaryFolder(t, 'codes');
  const env = { POSTERN_DATA: join(folder, 'data') };
  writeFileSync(join(folder, 'good.yaml'), firewallPolicy);
  writeFileSync(join(folder, 'bad.yaml'), firewallPolicy.replace('value.enabled', 'value.enabled &&'));
  assert.equal((await runCommand('postern-server', ['migrate'], env)).code, 0);
  const outcomes = await Promise.all([
    runCommand('postern-server', ['--help'], env),
    runCommand('postern-server', ['policy', 'test', join(folder, 'good.yaml')], env),
    runCommand('postern-server', ['policy', 'test', join(folder, 'bad.yaml')], env),
    runCommand('postern-server', ['backup', join(folder, 'no', 'such', 'folder', 'file')], env),
    runCommand('postern-server', ['backup', join(folder, 'copy')], { POSTERN_DATA: join(folder, 'empty') }),
    runCommand('postern-server', ['serv'], env),
    runCommand('postern-server', ['admin-token', '--life', 'soon'], env),
    runCommand('postern-server', ['admin-token'], {
      ...env,
      POSTERN_DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/x`,
    }),
  ]);
  assert.deepEqual(
    outcomes.map(({ code }) => code),
    [0, 0, 1, 1, 3, 2, 2, 3],
  );
  for (const { code, stderr } of outcomes) {
    assert.equal(stderr === '', code === 0, 'whoever fails says why, on stderr');
    assert.doesNotMatch(stderr, /^ +at /m, 'and not with a stack');
  }
});

describe('backup and audit, beside a server that runs', { concurrency: true }, () => {
  test('a backup is restored elsewhere: same people, same device, same token, and the chain goes on', async (t) => {
    const { backend, admin, device } = await opening(t);
    const made = await admin.post('/v1/admin/gateways', { name: 'Asker', resources: [resource] });
    const token = await device.accessToken();
    const file = join(temporaryFolder(t, 'backups'), 'postern.backup');
    const written = await runJson<{ rows: Record<string, number> }>('postern-server', ['backup', file], backend.env);
    assert.equal(written.code, 0);
    assert.ok((written.answer.rows['access_tokens'] ?? 0) > 0);
    const text = readFileSync(file, 'utf8');
    assert.ok(!text.includes(token) && !text.includes(String(made.body['secret'])), 'no secret is in it');
    assert.equal((await device.attest()).status, 200, 'the server goes on meanwhile');

    const elsewhere = temporaryFolder(t, 'elsewhere');
    cpSync(join(backend.env['POSTERN_DATA'] ?? '', 'master.secret'), join(elsewhere, 'master.secret'));
    const there = { ...backend.env, POSTERN_DATA: elsewhere, POSTERN_ISSUER: backend.url };
    assert.equal((await runCommand('postern-server', ['restore', file, '--dry-run'], there)).code, 0);
    assert.equal((await runCommand('postern-server', ['restore', file], there)).code, 0);
    assert.equal(
      (await runCommand('postern-server', ['restore', file], there)).code,
      1,
      'not over data, unless told to',
    );

    const second = await startBackend(t, there);
    const asker = new Gateway(second.url, String(made.body['id']), String(made.body['secret']));
    assert.deepEqual(await asker.introspect(token), { active: false }, 'not before the device has reported');
    const moved = device.at(second.url);
    assert.equal((await moved.attest()).status, 200, 'though it reported since the backup');
    assert.equal((await moved.attest()).status, 200);
    assert.equal((await asker.introspect(token))['active'], true);
    const audit = await runJson<{ outcome: string; count: number }>('postern-server', ['audit', 'verify'], there);
    assert.deepEqual([audit.code, audit.answer.outcome], [0, 'intact']);
  });

  test('a restore over a running server takes back what came after the backup', async (t) => {
    const { backend, admin, device, gateway } = await opening(t);
    const silent = await HttpDevice.enroll(backend, admin);
    const file = join(temporaryFolder(t, 'backups'), 'postern.backup');
    assert.equal((await runCommand('postern-server', ['backup', file], backend.env)).code, 0);
    for (const each of [device, device, silent]) assert.equal((await each.attest()).status, 200);
    const token = await device.accessToken();
    await admin.post('/v1/admin/users', { name: 'Late', email: 'late@example.org', roles: ['employee'] });
    const strict = firewallPolicy.replace('value.enabled', 'value.enabled == false');
    await backend.publish(strict, admin);
    assert.deepEqual(await gateway.introspect(token), { active: false });

    assert.equal((await runCommand('postern-server', ['restore', file, '--replace'], backend.env)).code, 0);
    const { body } = await admin.get('/v1/admin/users');
    assert.ok(!(body['items'] as { email: string }[]).some(({ email }) => email === 'late@example.org'));
    assert.deepEqual(await gateway.introspect(token), { active: false }, 'it was never issued');
    assert.equal((await device.token()).body['error_code'], 'evidence_stale', 'what was reported since is gone');
    const clone = device.clone();
    for (const each of [device, silent]) assert.equal((await each.attest()).status, 200, 'they go on all the same');
    assert.equal((await silent.attest()).status, 200);
    assert.equal((await clone.attest()).body['error_code'], 'attestation_rolled_back', 'and clones are still found');
    await admin.post(`/v1/admin/devices/${device.fake.id}/release`, { reason: 'The test made the clone' });
    assert.equal((await device.attest({ claims: { seq: device.fake.position.seq + 2 } })).status, 200);
    assert.equal((await device.attest()).status, 200);
    assert.equal(
      (await gateway.introspect(await device.accessToken()))['active'],
      true,
      'judged by the old policy again',
    );
    assert.equal((await runCommand('postern-server', ['audit', 'verify'], backend.env)).code, 0);
  });

  test('audit verify: whole after everything that happened, and not after somebody touched an entry', async (t) => {
    const { backend, admin, device, gateway } = await opening(t);
    const token = await device.accessToken();
    await gateway.revoke(token);
    await device.token({ resource: 'https://nobody.example' });
    await device.attest({}, device.firewallOff());
    assert.equal((await device.token()).body['error_code'], 'posture_refused');
    await admin.post(`/v1/admin/devices/${device.fake.id}/suspend`, { reason: 'Lost on a train' });
    const verify = () =>
      runJson<{ outcome: string; count: number; seq?: number }>('postern-server', ['audit', 'verify'], backend.env);
    const whole = await verify();
    assert.equal(whole.code, 0);
    assert.equal(whole.answer.outcome, 'intact');
    assert.ok(whole.answer.count > 10);

    const database = new DatabaseSync(join(backend.env['POSTERN_DATA'] ?? '', 'postern.db'));
    const alter = (sql: string) => database.exec(sql);
    t.after(() => database.close());
    alter('update audit set entry = replace(entry, \'"success"\', \'"failure"\') where seq = 5');
    const altered = await verify();
    assert.deepEqual([altered.code, altered.answer.outcome, altered.answer.seq], [10, 'altered', 5]);
    alter('update audit set entry = replace(entry, \'"failure"\', \'"success"\') where seq = 5');
    assert.equal((await verify()).code, 0);
    alter('delete from audit where seq = 7');
    const missing = await verify();
    assert.deepEqual([missing.code, missing.answer.outcome, missing.answer.seq], [11, 'missing', 7]);
  });
});

test('with everything logged, no secret is in the log', async (t) => {
  const port = await freePort();
  const data = temporaryFolder(t, 'logged');
  const env = { POSTERN_DATA: data, POSTERN_PORT: String(port), POSTERN_LOG: 'debug' };
  const { child, output } = await startServerProcess(env);
  t.after(() => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  const secrets = new Map<string, string>();
  const keep = (what: string, value: unknown) => {
    assert.ok(typeof value === 'string' && value.length >= 8, what);
    secrets.set(what, value);
    // A JWS is worth something without its header too.
    const [, payload, signature] = value.split('.');
    if (payload !== undefined && signature !== undefined) secrets.set(`signature of ${what}`, signature);
    return value;
  };

  // The link of the first start is for whoever started it: it is printed once, and not logged.
  const link = /^ *\S+#sign-in=(\S+)$/m.exec(output());
  assert.ok(link, 'the first start prints a link');
  const signIn = await fetch(`${url}/v1/admin/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: keep('sign-in code', link[1]) }),
  });
  const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  keep('session cookie', cookie.split('=')[1]);
  await fetch(`${url}/v1/admin/users`, { headers: { cookie } });
  await fetch(`${url}/v1/admin/gateways`, { method: 'POST', headers: { cookie, origin: 'https://evil.example' } });

  const made = await runJson<{ token: string }>('postern-server', ['admin-token'], env);
  const admin = new Api(url, keep('admin token', made.answer.token));
  assert.equal((await admin.post('/v1/admin/policies', { document: firewallPolicy })).status, 201);
  const gateway = await admin.post('/v1/admin/gateways', { name: 'App', resources: [resource] });
  keep('gateway secret', gateway.body['secret']);
  const { body: self } = await admin.get('/v1/admin/session');
  const anotherLink = await admin.post(`/v1/admin/users/${String(self['id'])}/sign-in-links`, {});
  keep('another sign-in code', String(anotherLink.body['link']).split('=')[1]);
  const enrollmentToken = await admin.post('/v1/admin/enrollment-tokens', { owner: self['id'] });
  keep('enrollment token', enrollmentToken.body['token']);
  await admin.post('/v1/enrollments', { token: enrollmentToken.body['token'], wrong: true });

  const codes = await fetch(`${url}/oauth/device_authorization`, { method: 'POST' });
  const { device_code: deviceCode, user_code: userCode } = (await codes.json()) as Record<string, string>;
  keep('device code', deviceCode);
  keep('user code', userCode);
  await admin.get(`/v1/admin/device-codes/${userCode}`);
  await admin.get(`/v1/admin/device-codes/${userCode}?wrong=1`);

  const device = await HttpDevice.enroll({ url, clock: systemClock }, admin);
  const attestation = keep('attestation', await device.signAttestation());
  for (let twice = 0; twice < 2; twice += 1) await device.send(attestation);
  const proofText = keep('proof', await device.proof('POST', '/oauth/token'));
  const assertionText = keep('assertion', await device.assertion());
  const granted = await device.token({ proofText, assertionText });
  const accessToken = keep('access token', granted.body['access_token']);
  await device.token({ proofText });
  await device.token({ assertionText });
  await device.token({ assertionText: `${assertionText}x` });
  const ownProof = keep('another proof', await device.proof('GET', '/v1/device'));
  await device.call('GET', '/v1/device', undefined, ownProof);
  await device.call('GET', '/v1/device?wrong=1', undefined, ownProof);
  const asker = new Gateway(url, String(gateway.body['id']), String(gateway.body['secret']));
  assert.equal((await asker.introspect(accessToken))['active'], true);
  await asker.revoke(accessToken);
  await new Gateway(url, String(gateway.body['id']), keep('a wrong secret', 'not-the-secret-of-it')).revoke(
    accessToken,
  );
  await fetch(`${url}/v1/device`, { headers: { authorization: `Bearer ${accessToken}` } });
  await fetch(`${url}/v1/admin/${accessToken}`);
  await fetch(`${url}/healthz?token=${accessToken}`);
  keep('master secret', readFileSync(join(data, 'master.secret'), 'utf8').trim());

  await endProcess(child, 'SIGTERM');
  const log = output().replace(link[0], '');
  const lines = log.split('\n').filter((line) => line.startsWith('{'));
  assert.ok(lines.length > 40 && log.includes('"debug"'), 'it did log');
  for (const [what, value] of secrets) assert.ok(!log.includes(value), `${what} is in the log`);
  for (const part of ['postern_admin_', 'eyJ']) {
    assert.ok(
      !log.includes(part),
      `something like ${part}… is in the log: ${lines.find((line) => line.includes(part))}`,
    );
  }
});
