import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import test from 'node:test';
import { ConflictError } from '../store.ts';
import { Writer } from './writer.ts';
import type { FromWriter } from './serve-writes.ts';

/** A thread that answers what the test says. */
class FakeThread extends EventEmitter {
  readonly received: unknown[] = [];
  postMessage(message: unknown): void {
    this.received.push(message);
  }
  answer(message: FromWriter): void {
    this.emit('message', message);
  }
}

const unit = { changes: [], audit: [] };

test('each unit hears of its own result', async () => {
  const thread = new FakeThread();
  const writer = new Writer(thread);
  const writes = [writer.write(unit), writer.write(unit), writer.write(unit)];
  thread.answer({
    kind: 'done',
    ids: [1, 2, 3],
    results: [{ done: true }, { done: false, conflict: 4 }, { done: false, error: 'disk', code: 'SQLITE_FULL' }],
    facts: [],
  });
  await writes[0];
  await assert.rejects(writes[1]!, new ConflictError(4));
  await assert.rejects(writes[2]!, { name: 'WriteError', code: 'SQLITE_FULL' });
  assert.equal(writer.transactions, 1);
});

test('when the thread dies, what waits is rejected, and so is all that comes after', async () => {
  const thread = new FakeThread();
  const writer = new Writer(thread);
  const waiting = writer.write(unit);
  thread.emit('error', new Error('out of memory'));
  thread.emit('exit', 1);
  await assert.rejects(waiting, /has failed/);
  await assert.rejects(writer.write(unit), /has failed/);
  await writer.close();
});
