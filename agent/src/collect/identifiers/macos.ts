// Read from recorded output; not run on the system itself.
import { humanLine } from '@postern/shared/text';
import { found, unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { hardwareOf, identify, machineIdHash, type Hardware, type Identifiers } from './hardware.ts';
import { ask, loadLibraries, type LoadLibraries } from './libraries.ts';

const method = 'systeminformation system(); node-machine-id; ioreg -rd1 -c IOPlatformExpertDevice';
const deadlineMs = 8_000;

/** Reads `ioreg -rd1 -c IOPlatformExpertDevice`. Whole names only: `model-number` stands beside `model`. */
export function parseExpertDevice(text: string): Hardware {
  const value = (name: string) => {
    const stated = new RegExp(`^[ \\t|]*"${name}" = (?:<"([^"\\n]*)">|"([^"\\n]*)")[ \\t]*$`, 'm').exec(text);
    const said = stated?.[1] ?? stated?.[2];
    // Bytes that are no text were spoilt on the way: Apple writes none.
    return said === undefined || /[\ufffd\p{Cs}]/u.test(said)
      ? undefined
      : humanLine({ max: 128 }).safeParse(said).data;
  };
  return {
    vendor: value('manufacturer'),
    model: value('model'),
    serial: value('IOPlatformSerialNumber'),
    uuid: value('IOPlatformUUID'),
  };
}

/** Serial number, model and ids of a Mac. */
export function readMacos(system: System): Promise<Finding<Identifiers>> {
  return readWith(system, loadLibraries);
}

/**
 * ioreg is asked first, for two reasons: it stands in where a library does not answer, and it shows that
 * node-machine-id will find what it cuts out. Where it does not, that library throws inside a callback, where
 * nobody can catch it and the agent would end.
 */
export async function readWith(system: System, load: LoadLibraries): Promise<Finding<Identifiers>> {
  const result = await system.run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']);
  const device = result.outcome === 'exited' && result.code === 0 ? parseExpertDevice(result.stdout) : undefined;
  const libraries = await load().catch(() => undefined);

  const told = libraries && hardwareOf(await ask(() => libraries.system(), deadlineMs));
  const hash = libraries && device?.uuid !== undefined ? await machineIdHash(libraries) : null;
  // systeminformation takes the first line that begins with "model", which may be another one's.
  const model = told?.model !== undefined && /^[A-Za-z]+\d+,\d+$/.test(told.model) ? told.model : device?.model;
  const hardware = {
    vendor: told?.vendor ?? device?.vendor,
    model,
    serial: told?.serial ?? device?.serial,
    uuid: told?.uuid ?? device?.uuid,
  };
  if (hardware.serial !== undefined || hardware.uuid !== undefined) return found(identify(hardware, hash), method);
  if (result.outcome !== 'exited') return { ...unanswered(result, 'ioreg'), method };
  return unknown(
    'no-data',
    'macOS told neither its serial number nor its hardware id. Compare with Apple menu, About This Mac; a virtual machine may have none.',
    method,
  );
}
