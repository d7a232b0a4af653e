import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import test, { type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { serveRoutes } from '../http/testing/served-routes.ts';
import { openTestStore } from '../storage/testing/test-store.ts';
import { testConfig } from '../testing/test-config.ts';
import { verifyLog } from './log-file/verify-log.ts';
import { auditRoutes } from './routes.ts';
import { fillStore } from './testing/stored-log.ts';

const at = Date.UTC(2026, 10, 21, 9);
const entries = 100_000;

/** A server with the log of a month, one client that reads as it likes, and the number of reads of the database. */
async function month(t: TestContext) {
  const store = await openTestStore(t);
  fillStore(store.databaseUrl, { entries, seed: 1 });
  const person = async () =>
    ({ kind: 'person', id: 'usr_1', name: 'Ada', roles: ['auditor'], via: 'session', authenticatedAt: at }) as const;
  const deps = { store, config: testConfig(t), clock: { now: () => at }, log: pino({ level: 'silent' }) };
  const { url, logLines } = await serveRoutes(t, auditRoutes(deps), { authenticators: { person } });
  const ask = async () => {
    const request = get(`${url}/v1/admin/audit/export?format=jsonl`, { agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 200);
    return response;
  };
  const reads = () => store.roundTrips().reads;
  /** Until nobody reads from the database any more. */
  const settled = async () => {
    for (let still = 0, before = -1; still < 300; still = reads() === before ? still + 1 : 0) {
      before = reads();
      await setImmediate();
    }
    return reads();
  };
  return { ask, reads, settled, logLines };
}

test('a log of a month is read from the database only as fast as it is taken, and not at all for who went away', async (t) => {
  const { ask, reads, settled, logLines } = await month(t);
  const slow = await ask();
  const waiting = await settled();
  const before = reads();
  const verdict = await verifyLog(slow);
  const whole = reads() - before;
  assert.deepEqual([verdict.outcome, 'entries' in verdict && verdict.entries], ['intact', entries + 1]);
  assert.ok(whole > 50, `most of it was not read while nobody took it: ${whole} reads after, ${waiting} before`);

  const gone = await ask();
  await once(gone, 'data');
  gone.destroy();
  while (!logLines.some((line) => line.includes('broke off'))) await setImmediate();
  const left = await settled();
  await settled();
  assert.equal(reads(), left);
  assert.ok(left - before - whole < whole, 'it was not read to its end');
});
