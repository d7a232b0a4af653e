import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minute } from '@postern/shared/time';
import type { DeviceHistoryItem } from '@postern/shared/protocol/fleet';
import { reading, someReadings } from '../attestation/testing/readings.ts';
import { openTestBackend } from '../attestation/testing/test-backend.ts';
import { deleteAny } from '../storage/change.ts';

interface Page {
  items: DeviceHistoryItem[];
  next: string | null;
}

const firewallOff = { firewall: reading({ enabled: false, provider: 'ufw' }, 0) };

describe('the history of a device', () => {
  it('says what each report changed: the verdict, and the readings', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    backend.pass(minute);
    await backend.attest(device);
    backend.pass(minute);
    await backend.attest(device, someReadings(backend.clock.at, firewallOff));
    const { body } = await backend.call<Page>('GET', `/v1/admin/devices/${device.id}/history`, { as: backend.ada });
    assert.equal(body.next, null);
    assert.deepEqual(
      body.items.map(({ seq, verdict }) => [seq, verdict?.from, verdict?.to]),
      [
        [3, 'compliant', 'non-compliant'],
        [1, null, 'compliant'],
      ],
    );
    const [last, first] = body.items;
    assert.deepEqual(
      last?.checks?.map(({ check, title }) => [check, title]),
      [['firewall', 'Firewall']],
    );
    assert.equal(first?.checks?.length, Object.keys(someReadings(0)).length);
  });

  it('comes in pages that miss and repeat nothing', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    for (let count = 0; count < 7; count += 1) {
      await backend.attest(device, someReadings(backend.clock.at, count % 2 === 0 ? {} : firewallOff));
      backend.pass(minute);
    }
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const page: Page = (
        await backend.call<Page>('GET', `/v1/admin/devices/${device.id}/history`, {
          as: backend.ada,
          query: { limit: '3', ...(after === null ? {} : { after }) },
        })
      ).body;
      assert.ok(page.items.every(({ checks, verdict }) => checks !== null && verdict !== null));
      seen.push(...page.items.map(({ seq }) => seq));
      after = page.next;
    } while (after !== null);
    assert.deepEqual(seen, [7, 6, 5, 4, 3, 2, 1]);
  });

  it('keeps verdicts where signed texts are gone, and says that it cannot compare readings', async (t) => {
    const backend = await openTestBackend(t);
    const device = await backend.enroll();
    await backend.attest(device);
    await backend.attest(device, someReadings(0, firewallOff));
    await backend.store.commit({
      changes: [deleteAny('attestation_documents', { device_id: device.id, seq: 1 })],
      audit: [],
    });
    const { body } = await backend.call<Page>('GET', `/v1/admin/devices/${device.id}/history`, { as: backend.ada });
    assert.deepEqual(
      body.items.map(({ seq, checks, verdict }) => [seq, checks, verdict?.to]),
      [
        [2, null, 'non-compliant'],
        [1, null, 'compliant'],
      ],
    );
  });

  it('of no device is not found', async (t) => {
    const backend = await openTestBackend(t);
    const answer = await backend.call('GET', `/v1/admin/devices/dev_${'0'.repeat(32)}/history`, { as: backend.ada });
    assert.equal(answer.status, 404);
  });
});
