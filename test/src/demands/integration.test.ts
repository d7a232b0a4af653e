import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalJson, type Json } from '@postern/shared/canonical';
import { sha256 } from '@postern/shared/digest';
import { opening } from './access-scene.ts';
import { Receiver, sendsHere } from './receiver.ts';
import { Demand, vault } from './scene.ts';

/** What somebody writes who wants to be somebody else's line, cell or field. */
const hostile = '=1+1 "all" | fields=mine ] \\ and more, said; the vendor';

/** The export as an auditor fetches it. */
async function exported({ backend, people }: Demand, format: string, by: 'auditor' | 'erin' = 'auditor') {
  const answer = await fetch(`${backend.url}/v1/admin/audit/export?format=${format}&text=yes`, {
    headers: { authorization: `Bearer ${people[by].token ?? ''}` },
  });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

/** An exception that was asked for with hostile words, approved and revoked. */
async function lived(t: Parameters<typeof Demand.open>[0]) {
  const demand = await Demand.open(t);
  const id = await demand.granted({ justification: hostile });
  assert.equal((await demand.act('bob', id, 'revoke')).status, 200);
  return { demand, id };
}

const lifeOf = ['exception.requested', 'exception.approved', 'exception.revoked'];

// Activities of OCSF Entity Management (3004).
const [create, update, deactivate] = [1, 3, 11];

describe('other systems', () => {
  test('demand 51: monitoring hears of it by a webhook that it can check', { timeout: 30_000 }, async (t) => {
    const receiver = await Receiver.listen(t);
    const demand = await Demand.open(t, sendsHere);
    const secret = await receiver.subscribe(demand);
    const id = await demand.granted();
    await receiver.hears(demand, 'exception.requested', id);
    await receiver.hears(demand, 'exception.approved', id);
    receiver.check(secret);
  });

  test('demand 51: a SIEM reads OCSF events, each of which proves the one before', async (t) => {
    const { demand, id } = await lived(t);
    const { status, text } = await exported(demand, 'ocsf');
    assert.equal(status, 200);
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as OcsfEvent);
    const own = events.filter(({ class_uid, entity }) => class_uid === 3004 && entity?.uid === id);
    assert.deepEqual(
      own.map(({ message, activity_id }) => [message, activity_id]),
      lifeOf.map((type, index) => [type, [create, update, deactivate][index]]),
    );
    assert.equal(own[0]?.comment, hostile);
    let previous: unknown;
    for (const event of events) {
      assert.equal(event.type_uid, event.class_uid * 100 + event.activity_id);
      const [attestation, ...others] = event.attestation_list;
      assert.ok(attestation);
      assert.deepEqual(others, []);
      const { fingerprint, ...attested } = attestation;
      const whole = { ...event, attestation_list: [attested] } as unknown as Json;
      assert.equal(Buffer.from(sha256(canonicalJson(whole)), 'base64url').toString('hex'), fingerprint.value);
      assert.deepEqual(attestation.prev_event?.fingerprint, previous);
      previous = fingerprint;
    }
  });

  test('demand 51: it reads CEF, where nobody writes a field for somebody else', async (t) => {
    const { demand, id } = await lived(t);
    const { text } = await exported(demand, 'cef');
    const own = text.split('\n').filter((line) => line.includes(`cs2=exception:${id} `));
    assert.deepEqual(
      own.map((line) => line.split('|')[4]),
      lifeOf,
    );
    for (const line of own) assert.match(line, /^CEF:0\|Postern\|postern-server\|[^|]+\|[^|]+\|[^|]+\|\d+\|rt=\d+ /);
    const [asked = ''] = own;
    const message = asked.slice(asked.indexOf(' msg=') + 5);
    assert.equal(message.replaceAll(/\\([\\=])/g, '$1'), hostile);
    assert.doesNotMatch(message, /(?<!\\)=/);
  });

  test('demand 51: it takes syslog, in which no text ends its element', async (t) => {
    const { demand, id } = await lived(t);
    const { text } = await exported(demand, 'rfc5424');
    const own = text.split('\n').filter((line) => line.includes(` subject="${id}"`));
    assert.equal(own.length, lifeOf.length);
    const form =
      /^<\d{1,3}>1 \S+ \S+ postern - (\S{1,32}) \[[^\s\]="]{1,32}((?: \w{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\]$/;
    const found = own.map((line) => form.exec(line));
    assert.deepEqual(
      found.map((each) => each?.[1]),
      lifeOf,
    );
    const said = / text="((?:[^"\\]|\\.)*)"/.exec(found[0]?.[2] ?? '')?.[1];
    assert.equal(said?.replaceAll(/\\(["\\\]])/g, '$1'), hostile);
  });

  test('demand 51: a spreadsheet opens CSV, and takes nothing in it for a formula', async (t) => {
    const { demand, id } = await lived(t);
    const { type, text } = await exported(demand, 'csv');
    assert.match(type, /^text\/csv/);
    const [head = [], ...rows] = cellsOf(text);
    const own = rows.filter((row) => row[head.indexOf('subject_id')] === id);
    assert.deepEqual(
      own.map((row) => row[head.indexOf('type')]),
      lifeOf,
    );
    assert.equal(own[0]?.[head.indexOf('text')], `'${hostile}`);
    for (const row of rows) {
      assert.equal(row.length, head.length);
      for (const cell of row) assert.doesNotMatch(cell, /^[=+\-@]/);
    }
  });

  test('demand 51: who took an export, and of what, is in the log; who may not gets none', async (t) => {
    const { demand } = await lived(t);
    assert.equal((await exported(demand, 'csv', 'erin')).status, 403);
    await exported(demand, 'cef');
    const { body } = await demand.people.auditor.get('/v1/admin/audit?type=audit.exported');
    const entries = body['items'] as { actor: { id: string }; data: { format: string } }[];
    const auditor = await demand.idOf('ida@example.org');
    assert.deepEqual(
      entries.map(({ actor, data }) => [actor.id, data.format]),
      [[auditor, 'cef']],
    );
  });

  test('demand 51: a secrets manager asks what a token is good for, and is told the grant and its role', async (t) => {
    const { demand, granted } = await opening(t);
    const id = await granted({ resource: vault, role: 'reader' });
    const token = await demand.laptop.accessToken(vault);
    const { active, grant, roles, aud, owner } = await demand.vaultGateway.introspect(token);
    assert.deepEqual(
      { active, grant, roles, aud, owner },
      {
        active: true,
        grant: { id },
        roles: ['reader'],
        aud: vault,
        owner: await demand.idOf('erin@example.org'),
      },
    );
    assert.deepEqual(await demand.gateway.introspect(token), { active: false }, 'it is no business of another');
    assert.equal((await demand.people.max.post(`/v1/me/access/${id}/end`, {})).status, 200);
    assert.deepEqual(await demand.vaultGateway.introspect(token), { active: false });
  });
});

interface OcsfEvent {
  activity_id: number;
  message: string;
  class_uid: number;
  type_uid: number;
  comment?: string;
  entity?: { uid: string };
  attestation_list: { fingerprint: { value: string }; prev_event?: { fingerprint: unknown } }[];
}

/** RFC 4180, as a spreadsheet reads it. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
