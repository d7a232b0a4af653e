import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Two places that webhooks are sent to: one takes everything, one has been out of order since yesterday. */
export class DemoReceivers {
  readonly good: string;
  readonly bad: string;
  readonly #servers: readonly Server[];

  private constructor(servers: readonly Server[]) {
    this.#servers = servers;
    const [good = '', bad = ''] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    this.good = good;
    this.bad = bad;
  }

  static async listen(): Promise<DemoReceivers> {
    const servers = [204, 503].map((status) =>
      createServer((request, response) => {
        request.resume().on('end', () => response.writeHead(status).end());
      }).listen(0, '127.0.0.1'),
    );
    await Promise.all(servers.map((server) => once(server, 'listening')));
    return new DemoReceivers(servers);
  }

  close(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}
