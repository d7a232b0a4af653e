import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

const identifier = humanLine({ max: 128 }).nullable();

export const identifiers = defineCheck({
  id: 'identifiers',
  title: 'Hardware identity',
  about: 'What tells this machine from others. A claim for inventory and clone detection, never a proof of identity.',
  fix: { default: { text: 'Nothing to do here yourself: the firmware tells who this machine is. Ask an admin.' } },
  value: z.strictObject({
    vendor: identifier,
    model: identifier,
    serial: identifier,
    hardwareUuid: identifier,
    /** SHA-256 (base64url) of the installation's own id: the id itself stays on the machine. */
    machineIdHash: identifier,
    /** True: serial, hardwareUuid and machineIdHash are not the values but their HMAC-SHA-256 under a key of the backend. */
    keyed: z.boolean().optional(),
    /** Names of those above that the firmware filled with junk ("Default string", all zeros). */
    junk: z.array(z.enum(['serial', 'hardwareUuid'])).max(2),
  }),
});
