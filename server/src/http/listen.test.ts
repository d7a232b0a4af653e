import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { listen } from './listen.ts';

test('until there is something to serve, the answer is unavailable', async (t) => {
  const listener = await listen({ host: '127.0.0.1', port: 0, tls: null });
  t.after(() => listener.close(0));
  const answer = await fetch(`http://127.0.0.1:${listener.port}/`);
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '1']);
  assert.equal(((await answer.json()) as { error_code: string }).error_code, 'unavailable');
});

test('a peer that may not connect is refused before anything is served, and its connection ends', async (t) => {
  const listener = await listen({ host: '127.0.0.1', port: 0, tls: null, mayConnect: () => false });
  t.after(() => listener.close(0));
  listener.serve(() => assert.fail('it was served'));
  const answer = await fetch(`http://127.0.0.1:${listener.port}/healthz`, {
    method: 'POST',
    body: 'x'.repeat(100_000),
  });
  assert.deepEqual([answer.status, answer.headers.get('connection')], [403, 'close']);
  assert.equal(((await answer.json()) as { error_code: string }).error_code, 'proxy_required');
});

test('a port that is taken is an error at once', async (t) => {
  const listener = await listen({ host: '127.0.0.1', port: 0, tls: null });
  t.after(() => listener.close(0));
  await assert.rejects(listen({ host: '127.0.0.1', port: listener.port, tls: null }), { code: 'EADDRINUSE' });
});

test('with certificate and key it speaks TLS, and a handshake that never ends does not hold up the close', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'postern-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = { cert: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem') };
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  try {
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '1',
      ...subject,
    ];
    execFileSync('openssl', [...made, '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
  } catch {
    t.skip('openssl is missing');
    return;
  }
  const tls = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  const listener = await listen({ host: '127.0.0.1', port: 0, tls });
  const status = await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: listener.port, servername: 'localhost', ca: tls.cert }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(status, 503);
  const silent = connect(listener.port, '127.0.0.1');
  t.after(() => silent.destroy());
  await once(silent, 'connect');
  await listener.close(10_000);
});
