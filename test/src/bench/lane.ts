import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * One connection that is kept open, with one request in flight. Node's own HTTP client costs as much as a fast server, so
 * that it would be measured instead; this reads only what it needs of an answer: its status, and where it ends.
 */
export class Lane {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve: (milliseconds: number) => void; reject: (error: Error) => void; started: number } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (part: Buffer) => this.#onData(part));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static async open(hostname: string, port: number): Promise<Lane> {
    const socket = connect(port, hostname);
    await once(socket, 'connect');
    return new Lane(socket);
  }

  /** @returns how many milliseconds passed until the whole answer was here */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject, started: performance.now() };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #onData(part: Buffer): void {
    this.#received = this.#received.length === 0 ? part : Buffer.concat([this.#received, part]);
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.#fail(new Error(`an answer without Content-Length:\n${head}`));
    const end = headEnd + 4 + Number(length);
    if (this.#received.length < end) return;
    const answer = this.#received.subarray(0, end);
    this.#received = this.#received.subarray(end);
    const status = head.slice(9, 12);
    if (status !== '200') return this.#fail(new Error(answer.toString('utf8').slice(0, 2000)));
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(performance.now() - waiting.started);
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
  }
}
