import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const tpm = defineCheck({
  id: 'tpm',
  title: 'Security chip',
  about: 'Whether the machine has a chip that can keep keys where software cannot read them.',
  fix: {
    default: { text: 'Restart into the firmware settings and turn the security chip on (TPM, PTT or fTPM).' },
    macos: { text: 'This Mac has no Secure Enclave; it cannot be added. Ask for a newer machine or an exception.' },
    windows: {
      text: 'Open Windows Security, Device security. If it shows no security processor, turn TPM (PTT or fTPM) on in the firmware settings.',
      link: 'ms-settings:windowsdefender',
    },
  },
  value: z.strictObject({
    present: z.boolean(),
    /** `2.0`, `1.2`, `secure-enclave`. Null when there is none or its version is not told. */
    version: humanLine({ max: 32 }).nullable(),
  }),
});
