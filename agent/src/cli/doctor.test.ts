import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Readings } from '@postern/shared/protocol/reading';
import { deviceId, planOf, readingsOf, userId } from '../testing/documents.ts';
import { enrolledMachine } from '../testing/enrolled-machine.ts';

const secrets = {
  home: '/home/gwendolyn',
  user: 'gwendolyn',
  otherUser: 'mallory',
  host: 'gwens-thinkpad',
  owner: 'Gwendolyn Okonkwo-Smith',
  surname: 'Okonkwo',
  serial: 'PF3ZQX77',
  uuid: '4c4c4544-0042-3510-8052-b4c04f4e4d32',
  machineIdHash: `mih${'0Ab9'.repeat(10)}`,
  identifierKey: `key${'1Cd8'.repeat(10)}`,
  sentSerial: 'QX-778',
  environmentToken: 'correct-horse-battery-staple',
  environmentPassword: 'hunter2',
  environmentOther: 'swordfish-and-chips',
  bearer: 'opaque.bearer~value',
  jws: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJkZXYifQ.c2lnbmF0dXJl',
  apiKey: 'AKIAIOSFODNN7EXAMPLEKEY00',
  mail: 'gwen@example.com',
  mac: '00:1a:2b:3c:4d:5e',
  serverWords: 'xyzzy-plugh',
} as const;

async function leakyMachine(t: TestContext) {
  const machine = await enrolledMachine(t);
  const { terminal, folder, fake, time } = machine;
  Object.assign(terminal.machine, { home: secrets.home, hostName: secrets.host });
  Object.assign(terminal.env, {
    USER: secrets.user,
    POSTERN_AGENT_ENROLLMENT_TOKEN: secrets.environmentToken,
    DB_PASSWORD: secrets.environmentPassword,
    SOMETHING: secrets.environmentOther,
    LANG: 'en_GB.UTF-8',
  });
  fake.plan = planOf({ checks: ['firewall', 'identifiers'], identifierKey: secrets.identifierKey });
  await machine.agent('attest');
  const path = join(folder, 'state.json');
  const state = JSON.parse(await readFile(path, 'utf8')) as {
    device: { name: string; owner: { name: string } };
    lastSent: { claims: string };
  };
  state.device.name = secrets.host;
  state.device.owner.name = secrets.owner;
  const identifiers = { status: 'ok', value: { serial: secrets.sentSerial } };
  state.lastSent.claims = JSON.stringify({ readings: { identifiers } });
  await writeFile(path, JSON.stringify(state));
  const provenance = { privilege: 'user', collectedAt: new Date(time.now()).toISOString() } as const;
  // Somebody else's name can be known by where it stands, and only there.
  const told = Object.entries(secrets).flatMap(([name, secret]) =>
    name === 'otherUser' || name === 'serverWords' ? [] : [`${name} ${secret}`],
  );
  terminal.readings = (): Readings => ({
    ...readingsOf(true, time.now()),
    identifiers: {
      status: 'ok',
      value: { serial: secrets.serial, hardwareUuid: secrets.uuid, machineIdHash: secrets.machineIdHash },
      method: 'dmi',
      ...provenance,
    },
    'screen-lock': {
      status: 'unknown',
      reason: 'failed',
      detail: `${told.join(', ')}. Authorization: Bearer ${secrets.bearer}; token=${secrets.bearer}; /home/${secrets.otherUser}/.config, /Users/${secrets.otherUser}/Library, /run/media/${secrets.otherUser}/stick, C:\\Users\\${secrets.otherUser}\\AppData`,
      method: `/home/${secrets.user}/bin/tool --key ${secrets.apiKey}`,
      ...provenance,
    },
  });
  return machine;
}

/** In any case, and also where lines were broken. */
function assertNoSecret(printed: string): void {
  const text = printed.replace(/\s+/g, ' ').toLowerCase();
  const alone = Object.entries(secrets).filter(([name]) => name !== 'serverWords' && name !== 'bearer');
  for (const [name, secret] of alone) assert.equal(text.includes(secret.toLowerCase()), false, `${name} in ${printed}`);
  assert.doesNotMatch(
    printed,
    new RegExp(`bearer ${secrets.bearer}|token=${secrets.bearer}|${deviceId}|${userId}`, 'i'),
  );
}

test('secrets from the environment, the state, readings and their methods are nowhere in the output', async (t) => {
  const { agent } = await leakyMachine(t);
  for (const options of [[], ['--json']]) {
    const ran = await agent('doctor', ...options);
    assert.match(ran.out, /Screen lock/);
    assert.match(ran.out, /en_GB|Environment/);
    assertNoSecret(ran.out + ran.err);
  }
});

test('the folder of the agent is shown where it is, also when a variable names it', async (t) => {
  const { agent, terminal } = await enrolledMachine(t);
  terminal.env['POSTERN_AGENT_DATA'] = 'data/of-the-agent';
  assert.match((await agent('doctor', '--json')).out, /\/data\/of-the-agent, to be made when the machine is enrolled/);
});

test('nor are those that an answer of the backend quotes', async (t) => {
  const { agent, fake } = await leakyMachine(t);
  for (const status of [400, 503]) {
    fake.override = (_request, response) => {
      const words = `${secrets.serverWords} ${Object.values(secrets).join(' ')}`;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: 'refused', error_code: words.slice(0, 100), error_description: words }));
    };
    for (const options of [[], ['--json']]) {
      const ran = await agent('doctor', ...options);
      assert.equal(ran.code, 1);
      assert.match(ran.out, status === 400 ? /a code that this agent does not know/ : /cannot answer now/);
      assertNoSecret(ran.out + ran.err);
      assert.equal((ran.out + ran.err).includes(secrets.serverWords), false, 'words of the backend are not passed on');
    }
  }
});

test('nor are those in an error that nobody foresaw', async (t) => {
  const { agent, terminal } = await leakyMachine(t);
  terminal.collect = async () => {
    throw new TypeError(`cannot read ${Object.values(secrets).join(' ')}`);
  };
  const ran = await agent('doctor');
  assert.match(ran.out, /Readings: An error that nobody foresaw \(TypeError\)/);
  assertNoSecret(ran.out + ran.err);
});

test('it says what policies use, and of each unknown how it was read and whether a policy minds', async (t) => {
  const { agent, fake, terminal } = await enrolledMachine(t);
  fake.plan = planOf({ checks: ['disk-encryption'] });
  const first = (await agent('doctor')).out.replace(/\s+/g, ' ');
  assert.match(first, /Plan: The policies use disk-encryption\. Nothing else is sent\./);
  assert.match(
    first,
    /Disk encryption: Could not check \(permission-denied\): .* It was read by .*, as an ordinary user\. A policy uses it\. Run the agent as a service/,
  );
  fake.plan = planOf({ checks: ['firewall'] });
  assert.match((await agent('doctor')).out.replace(/\s+/g, ' '), /Disk encryption: .* No policy uses it\./);
  terminal.power = async () => ({ onBattery: true, saver: true });
  assert.match((await agent('doctor')).out.replace(/\s+/g, ' '), /Power: The machine runs on battery and saves power/);
});
