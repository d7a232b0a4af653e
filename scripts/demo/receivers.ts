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

  /** @param ports those of a demo that was made before; new ones where they are taken */
  static async listen(ports: readonly number[] = []): Promise<DemoReceivers> {
    const servers = await Promise.all([204, 503].map((status, index) => answering(status, ports[index] ?? 0)));
    return new DemoReceivers(servers);
  }

  get ports(): number[] {
    return this.#servers.map((server) => (server.address() as AddressInfo).port);
  }

  close(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

async function answering(status: number, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end());
  });
  await once(server.listen(port, '127.0.0.1'), 'listening').catch(() =>
    once(server.listen(0, '127.0.0.1'), 'listening'),
  );
  return server;
}
