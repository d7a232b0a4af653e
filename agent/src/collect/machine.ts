import type { Readings } from '@postern/shared/protocol/reading';
import { collect } from './collect.ts';
import { collectors } from './collectors.ts';
import { keptReadings } from './kept-readings.ts';
import { realSystem } from './real-system.ts';
import { type CollectRequest, everything } from './request.ts';
import type { System } from './system.ts';

/** This machine, and what was read of it that may serve again. */
export interface MachineReader {
  readonly system: System;
  collect(request: CollectRequest): Promise<Readings>;
}

export function machineReader(): MachineReader {
  const system = realSystem();
  const readings = keptReadings();
  let clockOffsetMs: number | null = null;
  const all = collectors({ clockOffsetMs: () => clockOffsetMs ?? undefined });
  return {
    system,
    collect(request) {
      clockOffsetMs = request.clockOffsetMs;
      return collect(system, all, {
        only: request.checks,
        targets: request.targets,
        identifierKey: request.identifierKey,
        kept: { readings, mostAgeMs: request.keepForMs },
      });
    },
  };
}

/** Every check there is, read anew in this process: what a whole collection costs is measured around it. */
export function collectEverything(reader: MachineReader = machineReader()): Promise<Readings> {
  return reader.collect(everything(null, 0));
}
