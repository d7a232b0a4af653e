import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createLiveConnection, type Source } from './live-connection.ts';

class FakeSource implements Source {
  readyState = 0;
  readonly #listeners = new Map<string, (event: { data?: unknown }) => void>();
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  opens(): void {
    this.readyState = 1;
    this.#listeners.get('open')?.({});
  }
  fails(readyState: number): void {
    this.readyState = readyState;
    this.#listeners.get('error')?.({});
  }
  says(data: string): void {
    this.#listeners.get('changed')?.({ data });
  }
}

function connected(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sources: FakeSource[] = [];
  const heard: unknown[] = [];
  const connection = createLiveConnection({
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    changed: (change) => void heard.push(change),
    missed: () => void heard.push('missed'),
    lost: () => void heard.push('lost'),
  });
  const leave = connection.listen(() => undefined);
  const last = () => sources.at(-1) ?? assert.fail();
  return { connection, sources, heard, leave, last, pass: (ms: number) => t.mock.timers.tick(ms) };
}

describe('the live connection', () => {
  test('hands on what is said, and nothing that is not understood', (t) => {
    const { heard, last, connection } = connected(t);
    last().opens();
    assert.equal(connection.state(), 'live');
    last().says('{"topic":"devices","id":"dev_1"}');
    last().says('nonsense');
    last().says('null');
    assert.deepEqual(heard, [{ topic: 'devices', id: 'dev_1' }]);
  });

  test('says that it is lost, and that something was missed once it is there again', (t) => {
    const { heard, last, connection } = connected(t);
    last().opens();
    last().fails(0);
    last().fails(0);
    assert.equal(connection.state(), 'lost');
    last().opens();
    assert.equal(connection.state(), 'live');
    assert.deepEqual(heard, ['lost', 'missed']);
  });

  test('tries again when it was refused, less and less often, and at once when it is told to', (t) => {
    const { sources, last, connection, pass, heard } = connected(t);
    const counts: number[] = [];
    for (let times = 0; times < 4; times += 1) {
      last().fails(2);
      pass(999 * 2 ** times);
      counts.push(sources.length);
      pass(2 ** times);
      counts.push(sources.length);
    }
    assert.deepEqual(counts, [1, 2, 2, 3, 3, 4, 4, 5]);
    assert.equal(heard.length, 4);
    last().fails(2);
    connection.tryNow();
    assert.equal(sources.length, 6);
    pass(60_000);
    assert.equal(sources.length, 6);
  });

  test('is none while the page is not seen for a while, and says that something was missed when it is again', (t) => {
    const { sources, last, connection, pass, heard } = connected(t);
    last().opens();
    connection.show(false);
    pass(10_000);
    connection.show(true);
    assert.equal(sources.length, 1);
    connection.show(false);
    pass(20_000);
    assert.equal(last().readyState, 2);
    connection.show(true);
    last().opens();
    assert.equal(sources.length, 2);
    assert.deepEqual(heard, ['missed']);
  });

  test('is none where nobody listens', (t) => {
    const { sources, last, leave, connection, pass } = connected(t);
    last().opens();
    leave();
    assert.equal(last().readyState, 2);
    connection.tryNow();
    pass(60_000);
    assert.equal(sources.length, 1);
  });
});
