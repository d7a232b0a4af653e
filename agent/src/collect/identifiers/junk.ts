/**
 * What firmware makers leave in place of an identity. Two machines with the same junk are not the same
 * machine, so none of it may be used to tell machines apart. Collected from Fleet, Firezone and Pareto.
 */
const phrases = new Set([
  'to be filled by o.e.m.',
  'to be filled by oem',
  'default string',
  'default',
  'system serial number',
  'serial number',
  'chassis serial number',
  'base board serial number',
  'system product name',
  'system manufacturer',
  'system version',
  'not specified',
  'not applicable',
  'not available',
  'not settable',
  'not defined',
  'no asset tag',
  'n/a',
  'na',
  'none',
  'null',
  'nil',
  'undefined',
  'unknown',
  'unspecified',
  'invalid',
  'empty',
  'o.e.m.',
  'oem',
  'sernum',
  'serial',
  'test',
  'ssn12345678901234567',
  '123456789',
  '1234567890',
  '0123456789',
  '12345678',
  '1234567',
  '123456',
  '12345',
  '-1',
]);

const uuids = new Set(['03000200040005000006000700080009', '00020003000400050006000700080009']);

/** Whether a serial number, vendor or model is what the firmware ships with instead of one. */
export function isJunkSerial(text: string): boolean {
  const plain = text.trim().replace(/\s+/g, ' ').toLowerCase();
  if (phrases.has(plain)) return true;
  const characters = plain.replace(/[\s.\-_:/\\]/g, '');
  return characters === '' || /^(.)\1*$/u.test(characters) || /^[01]+$/.test(characters);
}

/** Whether a UUID is one that many machines share. Byte order does not matter: some firmware swaps it. */
export function isJunkUuid(text: string): boolean {
  const digits = text.trim().toLowerCase().replace(/[{}-]/g, '');
  return isJunkSerial(text) || uuids.has(digits) || /^[0f]*$/.test(digits) || /^(?:0*1?0*)$/.test(digits);
}
