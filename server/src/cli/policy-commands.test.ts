import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { openDesk } from '../exceptions/testing/desk.ts';
import { basePolicy } from '../exceptions/testing/policy.ts';
import { defaultPolicy } from '../policy/index.ts';
import { openDraftDesk, laptops } from '../policy/testing/draft-desk.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { commandLine, newFolder, parsed } from './testing/command-line.ts';

/** A command line, its database as the server sees it, and files to publish. */
async function given(t: TestContext) {
  const data = path.join(newFolder(t), 'data');
  const run = commandLine(t, {}, data);
  // Makes the database.
  assert.equal((await run('policy', 'drafts')).code, 0);
  const store = await openTestStore(t, { databaseUrl: `sqlite:${path.join(data, 'postern.db')}` });
  const folder = newFolder(t);
  let files = 0;
  const file = (text: string) => {
    const name = path.join(folder, `${(files += 1)}.yaml`);
    writeFileSync(name, text);
    return name;
  };
  const versions = async (name: string) =>
    (await store.read.selectFrom('policies').selectAll().where('name', '=', name).orderBy('version').execute()).map(
      ({ version, current, note, published_by }) => ({ version, current, note, published_by }),
    );
  const audited = async (type: string) => {
    const rows = await store.read.selectFrom('audit').select('entry').where('type', '=', type).orderBy('seq').execute();
    return rows.map(({ entry }) => JSON.parse(entry) as { data: Record<string, unknown>; actor: { kind: string } });
  };
  return { run, store, file, versions, audited };
}

test('each command has help with examples; wrong use exits 2', async (t) => {
  const run = commandLine(t);
  for (const command of ['test', 'schema', 'replay', 'publish', 'rollback', 'retire', 'drafts']) {
    const { code, out } = await run('policy', command, '--help');
    assert.equal(code, 0, command);
    assert.match(out, /Examples?:\n {2}postern-server policy/, command);
  }
  for (const wrong of [
    ['publish'],
    ['rollback', 'baseline', '1'],
    ['rollback', 'baseline', '0', '--reason', 'x'],
    ['rollback', 'baseline', 'one', '--reason', 'x'],
    ['retire', 'baseline'],
    ['retire', 'baseline', '--reason', ' '],
    ['drafts', '--state', 'lost'],
  ])
    assert.equal((await run('policy', ...wrong)).code, 2, wrong.join(' '));
});

describe('policy test', () => {
  test('tells every fault with its line, and needs no database', async (t) => {
    const run = commandLine(t, { POSTERN_DATABASE_URL: 'postgres://127.0.0.1:1/none' });
    const folder = newFolder(t);
    const good = path.join(folder, 'good.yaml');
    writeFileSync(good, defaultPolicy());
    assert.equal((await run('policy', 'test', good)).code, 0);
    const bad = path.join(folder, 'bad.yaml');
    writeFileSync(
      bad,
      'policy: mine\ntitle: Mine\nmax_age: sometimes\nrules:\n  - id: a\n    title: A\n    check: no-such-check\n    require: "true"\n    expected: x\n',
    );
    const { code, err } = await run('policy', 'test', bad);
    assert.equal(code, 1);
    assert.match(err, /max_age: line 3/);
    assert.match(err, /check: line 7/);
    assert.equal((await run('policy', 'test', path.join(folder, 'absent.yaml'))).code, 1);
  });
});

describe('policy publish', () => {
  test('tells what changes and makes a version, which the audit marks as done from the command line', async (t) => {
    const { run, file, versions, audited } = await given(t);
    const first = await run('policy', 'publish', file(laptops()), '--note', 'At last');
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /^laptops: version 1, with none in force before it\n {2}new rules: firewall\nPublished/);
    const second = await run('policy', 'publish', file(laptops('value.enabled == true', 'max_age: 2h\n')), '--json');
    assert.deepEqual(parsed(second.out), {
      policy: 'laptops',
      version: 2,
      changes: { settings: ['max_age'], added: [], removed: [], demands: ['firewall'], otherwise: [] },
      exceptionsEnding: [],
    });
    assert.deepEqual(await versions('laptops'), [
      { version: 1, current: 0, note: 'At last', published_by: 'system' },
      { version: 2, current: 1, note: null, published_by: 'system' },
    ]);
    const entries = await audited('policy.published');
    assert.deepEqual(
      entries.map(({ actor, data }) => [actor.kind, data['approval']]),
      [
        ['system', 'first-start'],
        ['system', 'command-line'],
        ['system', 'command-line'],
      ],
    );
  });

  test('refuses a document that says the same, and one that is not valid', async (t) => {
    const { run, file, versions } = await given(t);
    await run('policy', 'publish', file(laptops()));
    const again = await run('policy', 'publish', file(laptops()), '--json');
    assert.equal(again.code, 1);
    assert.equal(parsed(again.out)['error_code'], 'policy_unchanged');
    assert.equal((await run('policy', 'publish', file('a: 1'))).code, 1);
    assert.equal((await versions('laptops')).length, 1);
  });

  test('with --dry-run only tells', async (t) => {
    const { run, file, versions } = await given(t);
    const { code, out } = await run('policy', 'publish', file(laptops()), '--dry-run', '--json');
    assert.equal(code, 0);
    const { policy, inForce, version, dryRun } = parsed(out);
    assert.deepEqual(
      { policy, inForce, version, dryRun },
      { policy: 'laptops', inForce: null, version: 1, dryRun: true },
    );
    assert.deepEqual(await versions('laptops'), []);
  });

  test('wants --yes when exceptions in force would end, and not when they would not', async (t) => {
    const { run, store, file, versions } = await given(t);
    const desk = await openDesk(t, store);
    desk.clock.at = Date.now();
    const exception = await desk.granted();
    const reworded = file(basePolicy().replace('title: Firewall', 'title: The firewall'));
    const otherRule = file(basePolicy().replace('value.state == "full"', 'value.state != "none"'));
    for (const harmless of [reworded, otherRule]) assert.equal((await run('policy', 'publish', harmless)).code, 0);

    const stricter = file(basePolicy().replace('value.enabled, expected: on', 'value.enabled == true, expected: on'));
    const refused = await run('policy', 'publish', stricter);
    assert.equal(refused.code, 1);
    assert.match(refused.out, /rules that demand something else: firewall, disk\n/);
    assert.match(refused.out, new RegExp(`exceptions in force that would end: ${exception.id}\n`));
    assert.match(refused.err, /One exception in force would end\. Nothing was changed; with --yes it is\./);
    const asJson = parsed((await run('policy', 'publish', stricter, '--json')).out);
    assert.deepEqual([asJson['error'], asJson['exceptions']], ['needs_yes', [exception.id]]);
    assert.equal((await versions('base')).length, 3);
    assert.equal((await run('policy', 'retire', 'base', '--reason', 'x')).code, 1);

    const done = await run('policy', 'publish', stricter, '--yes', '--json');
    assert.deepEqual(parsed(done.out)['exceptionsEnding'], [exception.id]);
    assert.equal((await desk.seen(exception)).live, false, 'as it was told');
  });
});

describe('policy rollback and retire', () => {
  test('an earlier version is published again as the next one', async (t) => {
    const { run, file, versions } = await given(t);
    for (const document of [laptops(), laptops('value.enabled == true')])
      await run('policy', 'publish', file(document));
    const back = ['policy', 'rollback', 'laptops', '1', '--reason', 'Too strict'];
    assert.match((await run(...back, '--dry-run')).out, /^laptops: version 3 after version 2\n/);
    const { code, out } = await run(...back);
    assert.equal(code, 0);
    assert.match(out, /Published version 3 of laptops/);
    assert.deepEqual((await versions('laptops')).at(-1), {
      version: 3,
      current: 1,
      note: 'Too strict',
      published_by: 'system',
    });
    assert.equal((await run(...back)).code, 1, 'it is in force already');
    const absent = await run('policy', 'rollback', 'laptops', '9', '--reason', 'x', '--json');
    assert.equal(parsed(absent.out)['error_code'], 'policy_version_unknown');
  });

  test('a policy is taken out of force, and its numbers go on when it comes back', async (t) => {
    const { run, file, versions, audited } = await given(t);
    await run('policy', 'publish', file(laptops()));
    const retire = ['policy', 'retire', 'laptops', '--reason', 'There are none', '--json'];
    assert.deepEqual(parsed((await run(...retire)).out), { policy: 'laptops', retired: 1 });
    assert.deepEqual(
      (await versions('laptops')).map(({ current }) => current),
      [0],
    );
    assert.equal((await audited('policy.retired'))[0]?.data['approval'], 'command-line');
    assert.equal(parsed((await run(...retire)).out)['error_code'], 'policy_version_unknown');
    assert.equal(parsed((await run('policy', 'publish', file(laptops()), '--json')).out)['version'], 2);
  });
});

test('policy drafts lists what waits, and on request what was decided', async (t) => {
  const { run, store } = await given(t);
  assert.equal((await run('policy', 'drafts')).out, 'No draft waits\n');
  const desk = await openDraftDesk(t, store);
  const [ada, bob] = [await desk.add('Ada'), await desk.add('Bob')];
  const waiting = await desk.submitted(ada);
  const begun = (await desk.write(bob, 'just: begun')).body;
  const dropped = (await desk.discard(ada, (await desk.write(ada, laptops())).body)).body;
  const { out } = await run('policy', 'drafts');
  assert.match(
    out,
    new RegExp(
      `^${begun.id} {2}draft {2}a policy that is not named yet, by Bob, .*\n${waiting.id} {2}submitted {2}laptops, by Ada, .*\n$`,
    ),
  );
  const ids = async (...more: string[]) =>
    (parsed((await run('policy', 'drafts', '--json', ...more)).out)['items'] as { id: string }[]).map(({ id }) => id);
  assert.deepEqual(await ids(), [begun.id, waiting.id]);
  assert.deepEqual(await ids('--state', 'discarded'), [dropped.id]);
});
