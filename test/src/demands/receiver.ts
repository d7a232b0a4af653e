import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Demand } from './scene.ts';

interface Message {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Where the backend has to run so that it sends anything to a receiver here. */
export const sendsHere = { POSTERN_WEBHOOK_HOSTS: '127.0.0.1' };

/** Another system: it takes webhooks, and checks them as Standard Webhooks says, with nothing but the secret. */
export class Receiver {
  readonly url: string;
  readonly heard: readonly Message[];
  readonly #messages: EventEmitter;

  private constructor(url: string, heard: readonly Message[], messages: EventEmitter) {
    this.url = url;
    this.heard = heard;
    this.#messages = messages;
  }

  static async listen(t: { after(clean: () => void): void }): Promise<Receiver> {
    const heard: Message[] = [];
    const messages = new EventEmitter();
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        heard.push({ headers: request.headers, body });
        response.writeHead(204).end();
        messages.emit('message');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    return new Receiver(`http://127.0.0.1:${address.port}/hook`, heard, messages);
  }

  /** Has an admin send it everything from now on. Returns the secret that messages are signed with. */
  async subscribe({ people, backend }: Demand): Promise<string> {
    await backend.server.jobs.run('tell of what happened');
    const made = await people.ada.post('/v1/admin/webhooks', { label: 'Monitoring', url: this.url });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return String(made.body['secret']);
  }

  /** Waits until it was sent that; the backend sends what is due every second. */
  async hears({ backend }: Demand, type: string, id: string): Promise<void> {
    await backend.server.jobs.run('tell of what happened');
    await backend.server.jobs.run('send messages');
    while (!this.hasHeard(type, id)) await once(this.#messages, 'message');
  }

  hasHeard(type: string, id: string): boolean {
    return this.heard.some(({ body }) => isAbout(body, type, id));
  }

  /** Holds that each message is from whoever has the secret, and that none gives it away. */
  check(secret: string): void {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    for (const { headers, body } of this.heard) {
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      const mac = createHmac('sha256', key).update(signed).digest('base64');
      assert.ok(String(headers['webhook-signature']).split(' ').includes(`v1,${mac}`));
      assert.ok(!body.includes(secret));
    }
  }
}

function isAbout(body: string, type: string, id: string): boolean {
  const said = JSON.parse(body) as { type: string; data: { subject: { id: string } | null } };
  return said.type === type && said.data.subject?.id === id;
}
