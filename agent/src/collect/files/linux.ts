import type { Signature, SignatureReader } from './read.ts';

// Programs on Linux carry no signature: packages do, and the hash says which file it is.
const none: Signature = { signature: 'none', signer: null };

export const signaturesOnLinux: SignatureReader = {
  method: 'no signatures on this system',
  read: async (_system, paths) => paths.map(() => none),
};
