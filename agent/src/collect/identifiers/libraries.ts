import { z } from 'zod';

/**
 * What is used of `systeminformation` and `node-machine-id`. Both start shells of their own, so they do not
 * go through System: they are an argument instead, and tests answer for them. They are loaded on macOS and
 * Windows only, and only when asked: on Linux the same facts are files, in a fortieth of the time.
 */
export interface Libraries {
  /** `system()`, and never `osInfo().serial`: on Windows that is the serial number of the installation. */
  system(): Promise<unknown>;
  /** The installation's own id, unhashed: `MachineGuid` on Windows, `IOPlatformUUID` on macOS. */
  machineId(original: true): Promise<unknown>;
}
export type LoadLibraries = () => Promise<Libraries>;

const isFunction = <Result>() => z.custom<(argument?: true) => Promise<Result>>((value) => typeof value === 'function');
const systemInformation = z.object({ system: isFunction<unknown>() });
const machineIdentity = z.object({ machineId: isFunction<unknown>() });

export const loadLibraries: LoadLibraries = async () => {
  const [hardware, identity] = await Promise.all([import('systeminformation'), import('node-machine-id')]);
  // Both are CommonJS; which of their names Node recognises depends on how they were bundled.
  const { system } = systemInformation.parse(defaultOf(hardware));
  const { machineId } = machineIdentity.parse(defaultOf(identity));
  return { system: () => system(), machineId: (original) => machineId(original) };
};

function defaultOf(module: object): unknown {
  return 'default' in module ? module.default : module;
}

export type Answer = { outcome: 'answered'; value: unknown } | { outcome: 'failed' } | { outcome: 'timed-out' };

/**
 * What a library answers, or that it does not: neither has a deadline, and both may reject. A shell that
 * hangs is left behind, for the library does not say which one it started.
 */
export async function ask(question: () => Promise<unknown>, deadlineMs: number): Promise<Answer> {
  const late = Promise.withResolvers<Answer>();
  const timer = setTimeout(() => late.resolve({ outcome: 'timed-out' }), deadlineMs);
  try {
    const answered = question().then((value): Answer => ({ outcome: 'answered', value }));
    return await Promise.race([answered, late.promise]);
  } catch {
    return { outcome: 'failed' };
  } finally {
    clearTimeout(timer);
  }
}
