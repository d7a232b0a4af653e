import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { MailBody } from './mail-body.ts';
import { mailTransport, sendMail } from './send-mail.ts';
import { startMailServer } from './testing/mail-server.ts';
import { openNotifier } from './testing/notifier.ts';

const body: MailBody = { subject: 'Erin asks for an exception', text: 'a\n', html: '<p>a</p>' };

describe('mail', () => {
  test('goes to those who are told, from the address of the server, with the text in both forms', async (t) => {
    const { mail, mails } = await startMailServer(t);
    const notifier = await openNotifier(t, { mail });
    await notifier.desk.asked({ justification: 'Because <script>alert(1)</script> & so' });
    await notifier.follow();
    await notifier.send();
    assert.deepEqual(mails.map(({ to }) => to.join()).toSorted(), [
      'Ada@example.org',
      'Bob@example.org',
      'Eve@example.org',
    ]);
    for (const { from, raw } of mails) {
      assert.equal(from, 'postern@example.org');
      assert.match(raw, /^Subject: Erin asks for an exception\r$/m);
      assert.match(raw, /^Auto-Submitted: auto-generated\r$/m);
      assert.match(raw, /&lt;script&gt;/);
      assert.match(raw, /^> Because <script>/m);
    }
    assert.ok((await notifier.deliveries()).every(({ state }) => state === 'done'));
  });

  test('has the headers that it should and no others, whatever a subject or address holds', async (t) => {
    const { mail, mails } = await startMailServer(t);
    const evil = { ...body, subject: 'Hi\r\nBcc: all@example.org\r\n\r\nX' };
    assert.deepEqual(await sendMail(mail, 'bob@example.org', evil, 'dlv_1'), { sent: true });
    const [sent] = mails;
    assert.deepEqual(sent?.to, ['bob@example.org']);
    assert.doesNotMatch(sent.raw.split('\r\n\r\n')[0] ?? '', /^Bcc:/im);
    for (const address of [
      'bob@example.org>\r\nRCPT TO:<eve@example.org',
      'bob@example.org, eve@example.org',
      'bob\u0000@example.org',
    ]) {
      const { sent: went } = await sendMail(mail, address, body, 'dlv_2');
      assert.deepEqual([went, mails.length], [false, 1]);
    }
  });

  test('that the server has nobody for is given up at once; one that it cannot take now is tried again', async (t) => {
    const refusing = (code: number) => ({
      onRcptTo: (_address: unknown, _session: unknown, done: (error?: Error) => void) =>
        done(Object.assign(new Error('no'), { responseCode: code })),
    });
    for (const [code, state] of [
      [550, 'failed'],
      [451, 'waiting'],
    ] as const) {
      const { mail } = await startMailServer(t, refusing(code));
      const notifier = await openNotifier(t, { mail });
      await notifier.desk.granted();
      await notifier.follow();
      await notifier.send();
      const rows = await notifier.deliveries();
      assert.ok(rows.length > 0);
      assert.deepEqual([...new Set(rows.map((row) => `${row.state} ${row.status}`))], [`${state} ${code}`]);
    }
  });

  test('does not go without TLS to a server elsewhere, and an error holds no password', async (t) => {
    const { mail, mails } = await startMailServer(t);
    const requires = (mailServer: string) => mailTransport({ mailServer }).requireTLS === true;
    assert.ok(requires('smtp://eve:secret-word@mail.example:587'));
    assert.ok(requires('smtp://mail.example:587?requireTLS=false'));
    assert.ok(!requires('smtp://mail.example:25?ignoreTLS=true'));
    assert.ok(!requires('smtp://127.0.0.1:25'));
    const elsewhere = mail.mailServer.replace('smtp://', 'smtp://eve:secret-word@');
    const refused = await sendMail(
      { ...mail, mailServer: elsewhere.replace(/\d+$/, '1') },
      'bob@example.org',
      body,
      'dlv_1',
    );
    assert.equal(refused.sent, false);
    assert.doesNotMatch(JSON.stringify(refused), /secret-word/);
    const plain = await sendMail(
      { ...mail, mailServer: `${mail.mailServer}?requireTLS=true` },
      'bob@example.org',
      body,
      'dlv_1',
    );
    assert.equal(plain.sent, false);
    assert.deepEqual(mails, []);
  });

  test('is broken off when the server takes for ever over it, a word at a time', async (t) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      const talking = setInterval(() => socket.write('220-wait\r\n'), 5);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(talking);
        sockets.delete(socket);
      });
    });
    await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const mail = { mailServer: `smtp://127.0.0.1:${port}`, from: 'postern@example.org' };
    const outcome = await sendMail(mail, 'bob@example.org', body, 'dlv_1', 100);
    assert.deepEqual([outcome.sent, 'final' in outcome && outcome.final], [false, false]);
  });
});
