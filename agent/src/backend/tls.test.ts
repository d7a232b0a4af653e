import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../testing/data-folder.ts';
import { fakeTime } from '../testing/fake-clock.ts';
import { connect } from './client.ts';
import { BackendUnreachable } from './faults.ts';

const openssl = '/usr/bin/openssl';
const random = { uuid: () => crypto.randomUUID(), fraction: () => 0.5 };

test(
  'a certificate counts only when its authority is known',
  { skip: !existsSync(openssl) && 'openssl is missing' },
  async (t) => {
    const folder = await temporaryFolder(t);
    const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync(
      openssl,
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        keyFile,
        '-out',
        certificateFile,
        ...subject,
      ],
      { stdio: 'ignore' },
    );
    const certificate = readFileSync(certificateFile, 'utf8');
    const server = createServer({ key: readFileSync(keyFile), cert: certificate }, (_, response) =>
      response.end(JSON.stringify({ attestation_challenge: 'nonce', server_time: '2026-11-21T09:30:00.000Z' })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const over = (url: string, ca: string | undefined) =>
      connect({ url, clock: fakeTime(), random, ca, clockOffsetMs: null, userAgent: 'test' }).challenge();

    assert.equal(await over(`https://127.0.0.1:${port}`, certificate), 'nonce');
    // Set for something else, by somebody else.
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    t.after(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);
    await assert.rejects(
      over(`https://127.0.0.1:${port}`, undefined),
      (error) => error instanceof BackendUnreachable && /POSTERN_AGENT_CA/.test(error.message),
    );
  },
);
