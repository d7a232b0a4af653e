import { Fault } from '@postern/shared/protocol/errors';
import type { DeviceFacts } from '../devices/index.ts';
import { updateOne } from '../storage/change.ts';
import { ConflictError, type Store, type Unit } from '../storage/store.ts';

type Epoch = Pick<DeviceFacts, 'id' | 'exceptionEpoch'>;

interface Settled<Result> {
  /** Each one whose exceptions it is about, as read before anything else that was decided on. */
  device: Epoch | readonly Epoch[];
  unit: Unit;
  result: Result;
}

/** So many may act on one device's exceptions at the same instant before one of them is asked to try again. */
const maxAttempts = 8;

/**
 * Decides on what is stored and writes it down, guarded by the exception epoch of the device: of two decisions at the
 * same instant the second is made again, on what the first left behind, and so gets the answer that it would have got later.
 *
 * @throws Fault exception_overlaps, conflict, and what `decide` throws
 */
export async function settle<Result>(
  store: Pick<Store, 'commit'>,
  decide: () => Promise<Settled<Result>>,
): Promise<Result> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { device, unit, result } = await decide();
    const guards = [device].flat().map(({ id, exceptionEpoch }) => {
      return updateOne('devices', { id, exception_epoch: exceptionEpoch }, { exception_epoch: exceptionEpoch + 1 });
    });
    const changes = [...guards, ...unit.changes];
    try {
      await store.commit({ changes, audit: unit.audit });
      return result;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const failed = changes[error.change];
      if (failed?.kind === 'insert' && failed.table === 'exception_slots') throw new Fault('exception_overlaps');
    }
  }
  throw new Fault('conflict');
}
