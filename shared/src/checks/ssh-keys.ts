import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const sshKeys = defineCheck({
  id: 'ssh-keys',
  title: 'SSH keys',
  about:
    'Whether the private SSH keys in the .ssh folder of the person are protected by a passphrase and of a good kind. Names and keys are never sent, and keys kept elsewhere are not seen.',
  optIn: true,
  fix: {
    default: {
      text: 'Set a passphrase: ssh-keygen -p -f ~/.ssh/NAME. Replace DSA and short RSA keys: ssh-keygen -t ed25519.',
    },
  },
  value: z.strictObject({
    keys: z
      .array(
        z.strictObject({
          /** `ed25519`, `ecdsa`, `rsa`, `dsa`, `ed25519-sk`, `ecdsa-sk`. */
          algorithm: humanLine({ max: 32 }),
          /** Null where the kind has one size only, or the key does not tell it without its passphrase. */
          bits: z.int().min(0).max(65_536).nullable(),
          /** Null where that cannot be told. */
          passphrase: z.boolean().nullable(),
        }),
      )
      .max(64),
    /** Files that look like a private key and could not be read or understood. */
    unreadable: z.int().min(0).max(1000),
  }),
});
