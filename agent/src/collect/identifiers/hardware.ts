import type { identifiers } from '@postern/shared/checks/identifiers';
import { sha256 } from '@postern/shared/digest';
import { humanLine } from '@postern/shared/text';
import { z } from 'zod';
import { isJunkSerial, isJunkUuid } from './junk.ts';
import { ask, type Answer, type Libraries } from './libraries.ts';

export type Identifiers = z.infer<typeof identifiers.value>;

/** What a machine says of itself, before junk is told apart. */
export interface Hardware {
  vendor: string | undefined;
  model: string | undefined;
  serial: string | undefined;
  uuid: string | undefined;
}

const machineIdDeadlineMs = 5_000;
/** With or without dashes; other text is no UUID, and what it is nobody knows. */
const uuidForm = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** What systeminformation puts where it knows nothing, is not an identifier. */
const placeholders = new Set(['', '-', 'Computer', 'unknown']);
const line = humanLine({ max: 128 });
const field = z.unknown().transform((value) => {
  const text = line.safeParse(value).data;
  return text === undefined || placeholders.has(text) ? undefined : text;
});
const systemSchema = z.object({ manufacturer: field, model: field, serial: field, uuid: field });

/** The answer of systeminformation's `system()`; undefined where it is none, or all of it is placeholders. */
export function hardwareOf(answer: Answer): Hardware | undefined {
  const parsed = answer.outcome === 'answered' ? systemSchema.safeParse(answer.value) : undefined;
  if (parsed?.success !== true) return undefined;
  const { manufacturer: vendor, model, serial, uuid } = parsed.data;
  const hardware = { vendor, model, serial, uuid };
  return Object.values(hardware).every((value) => value === undefined) ? undefined : hardware;
}

/** Hash of the installation's id; null without an answer. The id is equal on cloned images, so it proves nothing. */
export async function machineIdHash(libraries: Libraries): Promise<string | null> {
  const answer = await ask(() => libraries.machineId(true), machineIdDeadlineMs);
  const id = z
    .string()
    .trim()
    .toLowerCase()
    .regex(uuidForm)
    .safeParse(answer.outcome === 'answered' ? answer.value : undefined);
  return id.success && !isJunkUuid(id.data) ? sha256(`postern-machine-id:${id.data}`) : null;
}

/** The reading's value: what the firmware filled with junk is null, and named. */
export function identify(hardware: Hardware, hash: string | null): Identifiers {
  const { vendor, model, serial, uuid } = hardware;
  const junk: Identifiers['junk'] = [];
  if (serial !== undefined && isJunkSerial(serial)) junk.push('serial');
  if (uuid !== undefined && isJunkUuid(uuid)) junk.push('hardwareUuid');
  const isUuid = uuid !== undefined && !junk.includes('hardwareUuid') && uuidForm.test(uuid);
  return {
    vendor: vendor === undefined || isJunkSerial(vendor) ? null : vendor,
    model: model === undefined || isJunkSerial(model) ? null : model,
    serial: serial === undefined || junk.includes('serial') ? null : serial,
    hardwareUuid: isUuid ? uuid.toLowerCase() : null,
    machineIdHash: hash,
    junk,
  };
}
