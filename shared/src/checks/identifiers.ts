import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

const identifier = humanLine({ max: 128 }).nullable();

export const identifiers = defineCheck({
  id: 'identifiers',
  title: 'Hardware identity',
  about: 'What tells this machine from others. A claim for inventory and clone detection, never a proof of identity.',
  value: z.strictObject({
    vendor: identifier,
    model: identifier,
    serial: identifier,
    hardwareUuid: identifier,
    /** SHA-256 (base64url) of the installation's own id: the id itself stays on the machine. */
    machineIdHash: identifier,
    /** Names of those above that the firmware filled with junk ("Default string", all zeros). */
    junk: z.array(z.enum(['serial', 'hardwareUuid'])).max(2),
  }),
});
