import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type LookupFunction, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { Fault } from '@postern/shared/protocol/errors';
import { isPublicAddress } from './addresses.ts';
import { sendWebhook } from './send-webhook.ts';
import { startReceiver } from './testing/receiver.ts';
import { webhookAddress } from './webhook-address.ts';

const inside = [
  '0.0.0.0',
  '0.1.2.3',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
];
const outside = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::200e'];
const inUrl = (address: string) => (address.includes(':') ? `[${address}]` : address);
const refusalOf = (url: string, hosts: readonly string[] = []) => {
  try {
    return webhookAddress(url, hosts).href;
  } catch (error) {
    return error instanceof Fault ? error.code : assert.fail(String(error));
  }
};
/** Answers every name with these addresses, as a resolver in the hands of an attacker. */
const resolving = (...addresses: string[]): LookupFunction => {
  return (_hostname, options, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all === true) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
};
/** Says it again and again. */
const again = (socket: Socket, text: string, first = '') => {
  socket.write(first);
  const saying = setInterval(() => socket.write(text), 2);
  socket.on('close', () => clearInterval(saying));
};
const sending = { headers: {}, body: '{}', webhookHosts: [] };

describe('a webhook', () => {
  for (const address of inside)
    test(`does not go to ${address}, given as it is or by a name`, async () => {
      assert.equal(isPublicAddress(address), false);
      assert.equal(refusalOf(`https://${inUrl(address)}/`), 'webhook_address_refused');
      const direct = await sendWebhook({ ...sending, url: new URL(`https://${inUrl(address)}:9/`) });
      assert.deepEqual(direct, { error: 'the host is inside of this network' });
      const named = await sendWebhook(
        { ...sending, url: new URL('https://hooks.example:9/') },
        { lookup: resolving(address) },
      );
      assert.deepEqual(named, { error: 'the host is inside of this network' });
    });

  for (const address of outside)
    test(`may go to ${address}`, () => {
      assert.equal(isPublicAddress(address), true);
      assert.equal(refusalOf(`https://${inUrl(address)}/`), `https://${inUrl(address)}/`);
    });

  for (const spelling of ['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0x7f.1', '127.0.0.1.', '①②⑦.0.0.1'])
    test(`does not go to this machine as ${spelling}`, () => {
      assert.equal(refusalOf(`https://${spelling}/`), 'webhook_address_refused');
    });

  test('does not go to a name that stands for addresses outside and inside', async () => {
    const url = new URL('https://hooks.example:9/');
    const answer = await sendWebhook({ ...sending, url }, { lookup: resolving('1.1.1.1', '10.0.0.1') });
    assert.deepEqual(answer, { error: 'the host is inside of this network' });
  });

  test('never reaches what listens on this machine, whatever names say', async (t) => {
    const { port, received } = await startReceiver(t);
    for (const host of ['localhost', 'rebind.example'])
      await sendWebhook({ ...sending, url: new URL(`https://${host}:${port}/`) }, { lookup: resolving('127.0.0.1') });
    await sendWebhook({ ...sending, url: new URL(`http://127.0.0.1:${port}/`) });
    assert.deepEqual(received, []);
  });

  test('needs https and no user name, password or fragment', () => {
    for (const url of [
      'http://hooks.example/',
      'ftp://hooks.example/',
      'file:///etc/passwd',
      'https://a:b@hooks.example/',
    ])
      assert.equal(refusalOf(url), 'webhook_address_refused');
    assert.equal(refusalOf('https://a@hooks.example/'), 'webhook_address_refused');
    assert.equal(refusalOf('https://hooks.example/#x'), 'webhook_address_refused');
    assert.equal(refusalOf('no address'), 'webhook_address_refused');
  });

  test('may go inside to the hosts that the operator named, and to no others', async (t) => {
    assert.equal(refusalOf('http://chat.internal/hook', ['chat.internal']), 'http://chat.internal/hook');
    assert.equal(refusalOf('http://chat.internal:8080/', ['Chat.internal:8080']), 'http://chat.internal:8080/');
    assert.equal(refusalOf('http://chat.internal:81/', ['chat.internal:8080']), 'webhook_address_refused');
    assert.equal(refusalOf('http://not-chat.internal/', ['chat.internal']), 'webhook_address_refused');
    assert.equal(refusalOf('http://chat.internal.example/', ['chat.internal']), 'webhook_address_refused');
    assert.equal(refusalOf('https://10.0.0.1/', ['10.0.0.2']), 'webhook_address_refused');
    assert.equal(refusalOf('ftp://chat.internal/', ['chat.internal']), 'webhook_address_refused');
    const { url, received } = await startReceiver(t);
    const answer = await sendWebhook({ ...sending, url: new URL(url), webhookHosts: ['127.0.0.1'] });
    assert.equal('status' in answer && answer.status, 200);
    assert.equal(received.length, 1);
  });

  for (const [answer, serve] of [
    ['{"status":101}', (socket) => socket.write('HTTP/1.1 101 On\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n')],
    ['{"error":"no answer in time"}', (socket) => again(socket, 'HTTP/1.1 102 Wait\r\n\r\n')],
    ['{"error":"no answer in time"}', (socket) => again(socket, 'X: y\r\n', 'HTTP/1.1 200 OK\r\n')],
    [
      '{"error":"no connection (HPE_HEADER_OVERFLOW)"}',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(1_000_000)}\r\n`),
    ],
    ['{"error":"no connection (ECONNRESET)"}', (socket) => socket.end()],
    ['{"error":"no connection (HPE_INVALID_CONSTANT)"}', (socket) => socket.end('SSH-2.0-secret-of-inside\r\n')],
    ['{"status":200}', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\nno gzip')],
  ] as [string, (socket: Socket) => void][])
    test(`comes to an end whatever it is answered: ${answer}`, async (t) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => serve(socket));
        t.after(() => socket.destroy());
      });
      await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
      t.after(() => void server.close());
      const { port } = server.address() as AddressInfo;
      const url = new URL(`http://127.0.0.1:${port}/`);
      const got = await sendWebhook({ ...sending, url, webhookHosts: ['127.0.0.1'] }, { timeoutMs: 300 });
      assert.equal(JSON.stringify(got), answer);
    });

  test('waits no longer than it may, and reads nothing of what has no end', async (t) => {
    const silent = await startReceiver(t, () => undefined);
    const given = { ...sending, webhookHosts: ['127.0.0.1'] };
    const late = await sendWebhook({ ...given, url: new URL(silent.url) }, { timeoutMs: 50 });
    assert.deepEqual(late, { error: 'no answer in time' });
    const endless = await startReceiver(t, (_received, response) => {
      const flood = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(flood));
      response.on('error', () => undefined);
    });
    const answer = await sendWebhook({ ...given, url: new URL(endless.url) });
    assert.equal('status' in answer && answer.status, 200);
  });
});
