import { clockDrift } from '@postern/shared/checks/clock-drift';
import { defineCollector, type Collector } from '../collector.ts';
import { found, unknown } from '../finding.ts';

/** Below this the network decides the offset, not the clock. */
const stepSeconds = 5;
const method = 'Date header of the backend';

/** `offset` is what the backend's client measured last: device minus server, in milliseconds. */
export function clockDriftCollector(offset: () => number | undefined): Collector {
  const read = async () => {
    const milliseconds = offset();
    if (milliseconds === undefined || !Number.isFinite(milliseconds)) {
      return unknown('no-data', 'The backend has not been reached yet.', method);
    }
    // Adding zero turns minus zero into zero, which is what it becomes as JSON.
    return found({ offsetSeconds: Math.round(milliseconds / 1000 / stepSeconds) * stepSeconds + 0 }, method);
  };
  return defineCollector({ check: clockDrift, deadlineMs: 1_000, on: { linux: read, macos: read, windows: read } });
}
