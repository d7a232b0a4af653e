import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A way to a server that the test can block (bytes stop, connections stay) and cut (connections end, new ones are refused). */
export interface TcpProxy {
  port: number;
  block(): void;
  cut(): Promise<void>;
  /** Ends what was blocked, and lets new connections through again, on the same port. */
  restore(): Promise<void>;
}

export async function startTcpProxy(t: Pick<TestContext, 'after'>, target: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let blocked = false;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => void (blocked || to.write(bytes)));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listenOn = (port: number) => new Promise<void>((done) => void server.listen(port, '127.0.0.1', done));
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      endAll();
    });
  await listenOn(0);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  t.after(close);
  return {
    port,
    block: () => void (blocked = true),
    cut: close,
    async restore() {
      blocked = false;
      endAll();
      if (!server.listening) await listenOn(port);
    },
  };
}
