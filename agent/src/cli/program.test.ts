import assert from 'node:assert/strict';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeLock } from '../state/lock.ts';
import { deviceId, exceptionId, readingsOf } from '../testing/documents.ts';
import { enrolledMachine, enrollmentToken, newMachine } from '../testing/enrolled-machine.ts';

const token = enrollmentToken;

test('help shows every command, examples and exit codes, and ends with 0', async (t) => {
  const { agent } = await newMachine(t);
  const help = await agent('--help');
  assert.equal(help.code, 0);
  const commands = [
    'enroll',
    'check',
    'attest',
    'status',
    'token',
    'access',
    'templates',
    'request',
    'extend',
    'relinquish',
    'withdraw',
    'notices',
    'run',
    'doctor',
    'forget',
  ];
  for (const command of commands) {
    assert.match(help.out, new RegExp(`^  ${command}\\b`, 'm'));
    const own = await agent(command, '--help');
    assert.equal(own.code, 0);
    assert.match(own.out, /Examples:\n {2}\$ postern-agent/);
    assert.match(own.out, /--json/);
  }
  assert.match(help.out, /Exit codes: 0 done, 1 refused or failing, 2 wrong use, 3 backend unreachable/);
});

for (const argv of [
  [],
  ['fly'],
  ['enroll'],
  ['enroll', 'not-a-url', '--token', token],
  ['enroll', 'http://postern.example.com', '--token', token],
  ['enroll', 'http://127.0.0.1:1', '--token', 'short'],
  ['enroll', 'http://127.0.0.1:1', '--token', token, '--name', 'two\nlines'],
  ['token'],
  ['token', '--resource', 'x', '--max-age', 'soon'],
  ['token', '--resource', 'x', '--acr-values', 'a "b"'],
  ['token', '--resource', 'x', '--url', 'app.example/things'],
  ['token', '--resource', 'x', '--url', 'https://ada:secret@app.example/'],
  ['token', '--resource', 'x', '--url', 'https://app.example/', '--method', 'GET /'],
  ['token', '--resource', 'x', '--url', 'https://app.example/', '--nonce', 'a b'],
  ['token', '--resource', 'x', '--nonce', 'abc'],
  ['token', '--resource', 'x', '--method', 'POST'],
  ['attest', '--fast'],
  ['attest', 'now'],
  ['check', '--only', 'weather'],
  ['relinquish', 'firewall'],
  ['access', '--role', 'read'],
  ['extend', 'firewall', '--for', '8h', '--reason', 'It comes on Thursday'],
  ['extend', exceptionId, '--for', '8h', '--reason', 'short'],
  ['request', '--rule', 'firewall', '--for', '8h', '--reason', 'It is being replaced'],
  ['request', '--rule', 'baseline/firewall', '--for', 'long', '--reason', 'It is being replaced'],
  ['request', '--rule', 'baseline/firewall', '--for', '8h', '--reason', 'short'],
]) {
  test(`wrong use ends with 2 and a sentence: ${JSON.stringify(argv)}`, async (t) => {
    const { agent } = await newMachine(t);
    const ran = await agent(...argv);
    assert.equal(ran.code, 2);
    assert.notEqual(ran.err, '');
    if (argv.length === 0) return;
    const json = await agent(...argv, '--json');
    assert.equal(json.code, 2);
    const { error_code: code, error_description: sentence } = JSON.parse(json.out) as Record<string, string>;
    assert.match(code ?? '', /^(?:wrong_use|server_url_refused)$/);
    assert.match(sentence ?? '', /^.{10,}$/);
  });
}

test('an error that nobody foresaw is a sentence, and a document for machines, and says nothing of what was read', async (t) => {
  const { agent, terminal } = await newMachine(t);
  terminal.collect = async () => {
    throw new TypeError('no cells for \u001b[2J');
  };
  const ran = await agent('check', '--json');
  assert.equal(ran.code, 1);
  const { error_code: code, error_description: sentence } = JSON.parse(ran.out) as Record<string, string>;
  assert.deepEqual([code, sentence?.includes('cells')], ['agent_fault', false]);
  assert.match(ran.err, /TypeError: no cells/);
  assert.equal(ran.err.includes('\u001b'), false);
});

test('a data folder that cannot be made is a sentence and a document, not a stack', async (t) => {
  const { agent, terminal, folder, fake } = await newMachine(t);
  await writeFile(join(folder, 'file'), '');
  terminal.env['POSTERN_AGENT_DATA'] = join(folder, 'file', 'below');
  const ran = await agent('enroll', fake.url, '--token', token, '--json');
  assert.equal(ran.code, 1);
  assert.equal((JSON.parse(ran.out) as Record<string, string>)['error_code'], 'file_unwritable');
  assert.equal(ran.err, '');
});

test('nothing that a backend writes reaches the terminal as a command to it, in words or as JSON', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  const hostile = 'sent\u001b[2J \u009b31m \u202eevil\u2066';
  fake.override = (_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ error: hostile, error_description: hostile, details: [{ path: hostile, message: hostile }] }),
    );
  };
  for (const argv of [
    ['attest'],
    ['attest', '--json'],
    ['status'],
    ['status', '--json'],
    ['doctor'],
    ['doctor', '--json'],
  ]) {
    const { out, err } = await agent(...argv);
    assert.doesNotMatch(`${out}${err}`.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u, argv.join(' '));
  }
  const { error } = JSON.parse((await agent('attest', '--json')).out) as { error: string };
  assert.equal(error, hostile, 'JSON means the same');
  fake.override = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ attestation_challenge: 'x'.repeat(300), server_time: '2026-11-21T09:30:00.000Z' }));
  };
  assert.equal((await agent('attest')).code, 3);
});

test('a token of other than the characters of tokens is not printed', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  const { override } = fake;
  fake.override = (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'dpop-nonce': 'n' });
    response.end(
      JSON.stringify(
        request.url === '/oauth/token'
          ? { access_token: 'a\u001b[2J', token_type: 'DPoP', expires_in: 300 }
          : { attestation_challenge: 'n', server_time: '2026-11-21T09:30:00.000Z' },
      ),
    );
  };
  const ran = await agent('token', '--resource', 'https://demo.example');
  assert.deepEqual([ran.code, ran.out], [3, '']);
  fake.override = override;
});

test('check prints the readings and asks nobody', async (t) => {
  const { agent, fake } = await newMachine(t);
  const words = await agent('check');
  assert.equal(words.code, 0);
  assert.match(words.out, /Disk encryption\n {2}\? Could not check \(permission-denied\)/);
  const json = JSON.parse((await agent('check', '--json', '--only', 'firewall')).out) as { readings: object };
  assert.deepEqual(Object.keys(json.readings), ['firewall']);
  assert.deepEqual(fake.asked, []);
});

test('what needs an enrolled machine says so, and ends with 1', async (t) => {
  const { agent } = await newMachine(t);
  for (const argv of [['attest'], ['status'], ['token', '--resource', 'x'], ['run'], ['withdraw', exceptionId]]) {
    const ran = await agent(...argv);
    assert.equal(ran.code, 1);
    assert.match(ran.err, /not enrolled/);
    const json = await agent(...argv, '--json');
    assert.equal((JSON.parse(json.out) as { error: string }).error, 'not_enrolled');
  }
});

test('enroll takes its token from standard input, the environment or an option, and never shows it', async (t) => {
  for (const [from, argv] of [
    ['input', ['--token', '-']],
    ['environment', []],
    ['option', ['--token', token]],
  ] as const) {
    const { agent, terminal, fake, folder } = await newMachine(t);
    terminal.input = from === 'input' ? `${token}\n` : '';
    if (from === 'environment') terminal.env['POSTERN_AGENT_ENROLLMENT_TOKEN'] = token;
    const ran = await agent('enroll', fake.url, ...argv, '--json');
    assert.equal(ran.code, 0);
    assert.equal((JSON.parse(ran.out) as { deviceId: string }).deviceId, deviceId);
    assert.equal(`${ran.out}${ran.err}${await readFile(join(folder, 'state.json'), 'utf8')}`.includes(token), false);
  }
});

test('enroll without a token shows a code on standard error and waits for its approval', async (t) => {
  const { agent, fake } = await newMachine(t);
  fake.pendingAnswers.push('authorization_pending');
  const ran = await agent('enroll', fake.url);
  assert.equal(ran.code, 0);
  assert.match(ran.err, /enter the code WXYZ-BCDF/);
  assert.doesNotMatch(ran.out, /WXYZ/);
});

test('a second enrollment is refused, with what to do, and changes nothing', async (t) => {
  const { agent, fake, folder } = await enrolledMachine(t);
  const before = await readFile(join(folder, 'state.json'), 'utf8');
  const ran = await agent('enroll', fake.url, '--token', token);
  assert.equal(ran.code, 1);
  assert.match(ran.err, /already[\s\S]*forget --yes/);
  assert.equal(await readFile(join(folder, 'state.json'), 'utf8'), before);
});

test('attest ends with 0 while access is open and with 1 once it is blocked', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  const good = await agent('attest');
  assert.equal(good.code, 0);
  assert.match(good.out, /✓ Fine/);
  fake.fine = false;
  const bad = await agent('attest', '--json');
  assert.equal(bad.code, 1);
  assert.equal((JSON.parse(bad.out) as { verdict: { status: string } }).verdict.status, 'non-compliant');
});

test('a token is printed alone; a refusal says what stands in the way, on standard error', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  const ask = ['token', '--resource', 'https://demo.example'];
  assert.deepEqual(await agent(...ask), { code: 0, out: 'token-for-https---demo.example\n', err: '' });
  assert.deepEqual(await agent(...ask, '--quiet'), { code: 0, out: '', err: '' });
  assert.equal((JSON.parse((await agent(...ask, '--json')).out) as { expires_in: number }).expires_in, 300);
  fake.fine = false;
  const refused = await agent(...ask);
  assert.deepEqual([refused.code, refused.out], [1, '']);
  assert.match(refused.err, /Firewall is on \(baseline\/firewall\): is: ufw, off[\s\S]*Fix: Turn on the firewall/);
  const json = JSON.parse((await agent(...ask, '--json')).out) as Record<string, unknown>;
  assert.equal(json['error'], 'invalid_grant');
  assert.equal(json['error_code'], 'posture_refused');
  assert.equal((json['failed_checks'] as unknown[]).length, 1);
});

test('a token for a challenge of a gateway: the machine reports anew when its last report does not do, once', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  fake.attests = true;
  fake.unmet = true;
  const acr = 'urn:postern:posture:compliant urn:postern:posture:excepted';
  const ask = ['token', '--resource', 'https://demo.example', '--acr-values', acr, '--max-age', '5m'];
  assert.equal((await agent(...ask)).code, 0);
  assert.equal(fake.accepted.length, 1);
  assert.deepEqual(
    fake.tokenRequests.map(({ acr_values, max_age }) => [acr_values, max_age]),
    [
      [acr, '300'],
      [acr, '300'],
    ],
  );
  fake.mishaps.push(
    { path: '/oauth/token', what: 'authentication_requirements_unmet' },
    { path: '/oauth/token', what: 'authentication_requirements_unmet' },
  );
  const refused = await agent(...ask);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /does not meet the acr_values or max_age/);
  assert.equal(fake.accepted.length, 2, 'it reported once more, and no further');
});

test('status shows verdict and exactly what was sent; without a connection what it last knew, and ends with 3', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  assert.equal((await agent('status')).code, 1, 'a device that never reported gets no access');
  await agent('attest');
  const online = await agent('status', '--json');
  assert.equal(online.code, 0);
  const document = JSON.parse(online.out) as {
    source: string;
    lastSent: { to: string; text: string; claims: unknown };
  };
  assert.equal(document.source, 'backend');
  assert.equal(document.lastSent.to, fake.url);
  assert.deepEqual(JSON.parse(document.lastSent.text), fake.accepted[0]);
  assert.deepEqual(document.lastSent.claims, fake.accepted[0]);

  await fake.stop();
  const offline = await agent('status');
  assert.equal(offline.code, 3);
  assert.match(offline.out, /nothing listens there[\s\S]*what this machine last knew[\s\S]*✓ Fine/);
  const json = JSON.parse((await agent('status', '--json')).out) as { source: string; verdict: { status: string } };
  assert.deepEqual([json.source, json.verdict.status], ['memory', 'compliant']);
});

test('with the backend away every command that needs it ends with 3', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  await fake.stop();
  for (const argv of [['attest'], ['token', '--resource', 'x'], ['withdraw', exceptionId]]) {
    const ran = await agent(...argv);
    assert.equal(ran.code, 3);
    assert.match(ran.err, /nothing listens there/);
  }
});

test('an exception is asked for, withdrawn and relinquished', async (t) => {
  const { agent } = await enrolledMachine(t);
  const asked = await agent(
    'request',
    '--rule',
    'baseline/firewall',
    '--for',
    '8h',
    '--reason',
    'The firewall is being replaced',
  );
  assert.equal(asked.code, 0);
  assert.match(asked.out, /Waits for an approval \(0 of 1\), for 8 hours/);
  assert.doesNotMatch((await agent('status')).out, /Waits for an approval/);
  assert.match((await agent('status', '--history')).out, /Exceptions\n.*baseline\/firewall\n {2}Waits for an approval/);
  assert.match((await agent('withdraw', exceptionId)).out, /Withdrawn/);
  assert.match((await agent('relinquish', exceptionId)).out, /Relinquished/);
});

test('a dry run says what a request would mean and asks for nothing', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  const wish = ['--for', '8h', '--reason', 'The firewall is being replaced', '--dry-run'];
  const dry = await agent('request', '--rule', 'base/firewall', ...wish);
  assert.equal(dry.code, 0);
  assert.match(dry.out, /Waived: The firewall is on \(base\/firewall\); is: off/);
  assert.match(dry.out, /Blocked all the same: The disk is encrypted/);
  assert.match(dry.out, /wiki\.example: closed now, open with it, tokens for 5 minutes\n {2}and 2 more resources/);
  assert.match(dry.out, /Needs: Security \(1 person\)\n {2}Risk: 20 of 100\n {4}\+20 A rule of high severity/);
  assert.match(
    dry.out,
    /Told: Bob \(approver\) and 2 more\n {2}It lasts 8 hours; approved now, it would end \d+ \w+ \d{4} \d\d:\d\d/,
  );
  const refused = await agent('request', '--rule', 'base/never', ...wish);
  assert.equal(refused.code, 1);
  assert.match(refused.out, /✗ It would be refused\. The policy does not allow it\./);
  assert.ok(!fake.asked.includes('POST /v1/exceptions'));
});

test('an extension is asked for by what is in force, and says how to take it back', async (t) => {
  const { agent } = await enrolledMachine(t);
  const asked = await agent('extend', exceptionId, '--for', '8h', '--reason', 'The disk comes on Thursday');
  assert.equal(asked.code, 0);
  assert.match(
    asked.out,
    /Waits for an approval[\s\S]*Reason: The disk comes on Thursday\nTo take it back: postern-agent/,
  );
});

test('templates say everything that a request under them has to say', async (t) => {
  const { agent } = await enrolledMachine(t);
  const { out, code } = await agent('templates', 'travelling');
  assert.equal(code, 0);
  for (const line of [
    'travelling: Travelling',
    '  Only devices that are: personal',
    '  --for 8 hours, 1 day; 3 days at most',
    '  Approved by Your manager (1 person), then Security (2 people)',
    '  Name a ticket: --ticket',
    '  Say which reason: --reason-code lost (The device is lost)',
    '  Show who you are: --code',
  ])
    assert.ok(out.split('\n').includes(line), `${line}\nin\n${out}`);
  const other = await agent('templates', 'holidays');
  assert.equal(other.code, 1);
  assert.match(other.err, /See: postern-agent templates/);
});

test('notices are shown without what would move the cursor, also those of a newer backend', async (t) => {
  const { agent } = await enrolledMachine(t);
  const { out, code } = await agent('notices');
  assert.equal(code, 0);
  assert.match(
    out,
    /^Your exception ends in 10 minutes, .*\n {2}Rules: baseline\/firewall\n {2}“It is \[2J replaced”\n$/,
  );
});

test('a refusal names the options as they were written, what is in the way, and what to do', async (t) => {
  const { agent, fake } = await enrolledMachine(t);
  const wish = ['request', '--rule', 'base/firewall', '--for', '8h', '--reason', 'The firewall is being replaced'];
  const answer = (body: object) => {
    fake.override = (_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: 'refused', error_description: 'No.', ...body }));
    };
  };
  answer({
    error_code: 'reason_code_required',
    details: [{ path: 'body.reasonCode', message: 'must be one of lost' }],
  });
  assert.match(
    (await agent(...wish)).err,
    /^No\.\n {2}--reason-code: must be one of lost\nSee .*agent templates NAME\n$/,
  );
  answer({
    error_code: 'exception_overlaps',
    exception: 'exc_1\u001b[2J',
    details: [{ path: 'person', message: 'x' }],
  });
  assert.match((await agent(...wish)).err, /^No\.\n {2}person: x\nIt is exc_1 \[2J\.\nSee it: postern-agent status,/);
  answer({ error_code: 'exception_state', state: 'expired' });
  assert.match(
    (await agent('extend', exceptionId, ...wish.slice(3))).err,
    /^No\.\nIt is expired\.\nSee where it stands/,
  );
  const late = await agent(...wish, '--starts', 'tomorrow');
  assert.deepEqual([late.code, late.err], [2, '--starts: must be a time such as 2026-12-01T09:00:00Z\n']);
});

test('temporary access is shown and asked for, and whoever forgets half of it is told', async (t) => {
  const { agent } = await enrolledMachine(t);
  const shown = await agent('access');
  assert.match(shown.out, /no temporary access[\s\S]*https:\/\/db\.example as read\n {2}--template temporary-access/);
  const why = ['--role', 'read', '--for', '1h', '--reason', 'Orders hang since noon'];
  const asked = await agent('access', 'https://db.example', ...why);
  assert.equal(asked.code, 0);
  assert.match(asked.out, /access to https:\/\/db\.example as read\n {2}Waits for an approval \(0 of 1\), for 8 hours/);
  const half = await agent('access', 'https://db.example', '--role', 'read');
  assert.equal(half.code, 2);
  assert.match(half.err, /--for and --reason/);
});

test('forget only says what it would delete, until it is told to', async (t) => {
  const { agent, folder } = await enrolledMachine(t);
  const dry = await agent('forget');
  assert.match(dry.out, /would be deleted[\s\S]*device\.key[\s\S]*forget --yes/);
  assert.deepEqual((await readdir(folder)).toSorted(), ['device.key', 'state.json']);
  await writeFile(join(folder, `device.key.${2 ** 30}.0123abcd.tmp`), 'half of a key');
  assert.equal((await agent('forget', '--yes')).code, 0);
  assert.deepEqual(await readdir(folder), []);
  assert.match((await agent('forget', '--yes')).out, /nothing to forget/);
});

test('forget helps with a damaged state, and every other command refuses it', async (t) => {
  const { agent, folder, fake } = await enrolledMachine(t);
  await writeFile(join(folder, 'state.json'), '{"version":1');
  for (const argv of [['attest'], ['status'], ['enroll', fake.url, '--token', token]]) {
    const ran = await agent(...argv);
    assert.equal(ran.code, 1);
    assert.match(ran.err, /damaged/);
  }
  assert.equal((await agent('forget', '--yes')).code, 0);
});

test('forget does not take the ground from under a running agent', async (t) => {
  const { agent, folder, time } = await enrolledMachine(t);
  const lock = await takeLock(folder, 'run', time);
  const ran = await agent('forget', '--yes');
  assert.equal(ran.code, 1);
  assert.match(ran.err, /Stop it first/);
  assert.deepEqual((await readdir(folder)).toSorted(), ['device.key', 'run.lock', 'state.json']);
  await lock.release();
});

test('a key that others may read is refused with what to do, and nothing is sent', async (t) => {
  const { agent, folder, fake } = await enrolledMachine(t);
  await chmod(join(folder, 'device.key'), 0o644);
  const asked = fake.asked.length;
  const ran = await agent('attest');
  assert.equal(ran.code, 1);
  assert.match(ran.err, /chmod 600/);
  assert.equal(fake.asked.length, asked);
});

test('run reports, says the verdict once, and stops when told to', async (t) => {
  const { agent, terminal, fake, folder } = await enrolledMachine(t);
  const collect = terminal.collect;
  let collected = 0;
  terminal.collect = async (...args) => {
    collected += 1;
    if (collected === 4) terminal.stop();
    return collect(...args);
  };
  const ran = await agent('run', '--json');
  assert.equal(ran.code, 0);
  const lines = ran.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  assert.deepEqual(
    lines.map(({ kind }) => kind),
    ['verdict'],
  );
  assert.ok(fake.accepted.length >= 1);
  assert.deepEqual((await readdir(folder)).toSorted(), ['device.key', 'state.json']);
});

test('a second run on the same folder is refused', async (t) => {
  const { agent, folder, time } = await enrolledMachine(t);
  const lock = await takeLock(folder, 'run', time);
  const ran = await agent('run');
  assert.equal(ran.code, 1);
  assert.match(ran.err, /Another postern-agent/);
  await lock.release();
});

test('doctor explains every unknown, and shows no home, host, id or key', async (t) => {
  const { agent, terminal, time } = await enrolledMachine(t);
  terminal.readings = () => ({
    'screen-lock': {
      status: 'unknown',
      reason: 'not-in-user-session',
      detail: `/home/ada/.config on ada-laptop is not open to ${deviceId}.`,
      method: 'gsettings',
      privilege: 'user',
      collectedAt: new Date(time.now()).toISOString(),
    },
    ...readingsOf(true, time.now()),
  });
  const ran = await agent('doctor');
  assert.equal(ran.code, 0);
  assert.match(
    ran.out,
    /Screen lock: Could not check \(not-in-user-session\): ~\/\.config on <host> is not open to dev_…\./,
  );
  assert.match(ran.out, /Run the agent in the session of the person/);
  assert.match(ran.out, /✓ Device key: It signs/);
  assert.doesNotMatch(ran.out, /ada|enabled/);
});

test('doctor finds a backend that is away and a key that is unsafe', async (t) => {
  const { agent, fake, folder } = await enrolledMachine(t);
  await fake.stop();
  await chmod(join(folder, 'device.key'), 0o644);
  const ran = await agent('doctor', '--json');
  assert.equal(ran.code, 1);
  const { found } = JSON.parse(ran.out) as { found: { about: string; result: string }[] };
  assert.deepEqual(
    found.filter(({ result }) => result === 'fault').map(({ about }) => about),
    ['Device key', 'Backend'],
  );
});
