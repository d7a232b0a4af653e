import { humanLine } from '@postern/shared/text';
import { sha256 } from '@postern/shared/digest';
import { found, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { identify, type Identifiers } from './hardware.ts';
import { isJunkUuid } from './junk.ts';

const dmi = '/sys/class/dmi/id';
/** Where there is no DMI, as on most boards with ARM. */
const deviceTree = '/sys/firmware/devicetree/base';
const line = humanLine({ max: 128 });

/** What the firmware says. Serial number and UUID are root's to read; to anybody else they are not known, which is no junk. */
export async function readLinux(system: System): Promise<Finding<Identifiers>> {
  const [vendor, product, serial, uuid, board, boardSerial, hash] = await Promise.all([
    text(system, `${dmi}/sys_vendor`),
    text(system, `${dmi}/product_name`),
    text(system, `${dmi}/product_serial`),
    text(system, `${dmi}/product_uuid`),
    text(system, `${deviceTree}/model`),
    text(system, `${deviceTree}/serial-number`),
    machineIdHash(system),
  ]);
  const hardware = { vendor, model: product ?? board, serial: serial ?? boardSerial, uuid };
  const method = `${dmi}, ${deviceTree}, /etc/machine-id`;
  if (hash === null && Object.values(hardware).every((value) => value === undefined)) {
    return unknown(
      'no-data',
      'This machine has neither a DMI table nor a machine id. Run “systemd-machine-id-setup”.',
      method,
    );
  }
  return found(identify(hardware, hash), method);
}

/**
 * Undefined where it is absent, refused, empty, cut off, or no line that a reading may hold. The kernel ends each with
 * a line end, a device tree as C does; bytes that are no text are the mark of firmware that was never filled in.
 */
async function text(system: System, path: string): Promise<string | undefined> {
  const file = await system.readFile(path);
  const [, whole] = (file.outcome === 'read' && /^([^\n\0\ufffd\u2028\u2029]*)[\n\0]$/.exec(file.text)) || [];
  return whole?.isWellFormed() === true ? line.safeParse(whole).data : undefined;
}

/** The id itself stays here: machine-id(5) asks that it is not shown to others as it is. */
async function machineIdHash(system: System): Promise<string | null> {
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    const id = (await text(system, path))?.toLowerCase() ?? '';
    if (/^[0-9a-f]{32}$/.test(id) && !isJunkUuid(id)) return sha256(`postern-machine-id:${id}`);
  }
  return null;
}
