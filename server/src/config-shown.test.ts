import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readConfig } from './config-read.ts';
import { settings } from './config-settings.ts';

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'postern-shown-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('every setting is shown with where it has its value from', (t) => {
  const place = folder(t);
  const file = path.join(place, 'postern.yaml');
  writeFileSync(file, 'port: 7001\nattest_every: 10m\n');
  const { shown } = readConfig({ POSTERN_CONFIG: file, POSTERN_DATA: path.join(place, 'data'), POSTERN_PORT: '7002' });
  assert.deepEqual(
    shown.map(({ variable }) => variable),
    Object.values(settings).map(({ variable }) => variable),
  );
  const of = (variable: string) => shown.find((each) => each.variable === variable);
  assert.deepEqual([of('POSTERN_PORT')?.value, of('POSTERN_PORT')?.source], [7002, 'environment']);
  const every = of('POSTERN_ATTEST_EVERY');
  assert.deepEqual([every?.value, every?.source, every?.isDuration], [600_000, 'file', true]);
  assert.equal(of('POSTERN_HOST')?.source, 'default');
});

test('no secret is shown, wherever it stands', (t) => {
  const place = folder(t);
  const hidden = 'hunter2hunter2';
  const provider = { id: 'corp', title: 'Corp', issuer: 'https://id.example', client_id: 'x', client_secret: hidden };
  const { shown } = readConfig({
    POSTERN_DATA: path.join(place, 'data'),
    POSTERN_DATABASE_URL: `postgres://postern:${hidden}@db.example/postern?sslpassword=${hidden}`,
    POSTERN_MAIL_SERVER: `smtps://${hidden}:${hidden}@mail.example:465`,
    POSTERN_MAIL_FROM: 'postern@example.org',
    POSTERN_MASTER_SECRET: Buffer.from(`${hidden}${hidden}1234`).toString('base64url'),
    POSTERN_SIGN_IN_PROVIDERS: JSON.stringify([provider]),
  });
  assert.doesNotMatch(JSON.stringify(shown), new RegExp(hidden));
  const valueOf = (variable: string) => shown.find((each) => each.variable === variable)?.value;
  assert.equal(valueOf('POSTERN_DATABASE_URL'), 'postgres://db.example/postern');
  assert.equal(valueOf('POSTERN_MAIL_SERVER'), 'smtps://mail.example:465');
  assert.deepEqual(valueOf('POSTERN_SIGN_IN_PROVIDERS'), ['corp: https://id.example']);
  assert.equal(valueOf('POSTERN_MASTER_SECRET'), null);
});
