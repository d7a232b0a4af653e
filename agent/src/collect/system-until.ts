import type { System } from './system.ts';

/** What is asked of the machine by a check whose time is over. Nobody waits for the answer. */
class TooLate extends Error {
  override readonly name = 'TooLate';
}

/**
 * The same machine until the signal is given. After it nothing new is begun, and the programs that still run are killed:
 * a check that nobody waits for any more must not go on costing.
 */
export function systemUntil(system: System, signal: AbortSignal): System {
  const inTime =
    <Parameters extends unknown[], Answer>(ask: (...parameters: Parameters) => Promise<Answer>) =>
    async (...parameters: Parameters): Promise<Answer> => {
      if (signal.aborted) throw new TooLate();
      return ask(...parameters);
    };
  return {
    ...system,
    readFile: inTime((path) => system.readFile(path)),
    readBytes: inTime((path) => system.readBytes(path)),
    list: inTime((path) => system.list(path)),
    realPath: inTime((path) => system.realPath(path)),
    readLink: inTime((path) => system.readLink(path)),
    inspect: inTime((path) => system.inspect(path)),
    digest: inTime((path, mostBytes) => system.digest(path, mostBytes)),
    modifiedAt: inTime((path) => system.modifiedAt(path)),
    diskSpace: inTime((path) => system.diskSpace(path)),
    run: inTime((program, args, options) => system.run(program, args, { ...options, signal })),
  };
}
