// Read from recorded output; not run on the system itself.
import type { CommandResult, System } from '../system.ts';
import { notKnown, type Signature, type SignatureReader } from './read.ts';

const codesign = '/usr/bin/codesign';
/** A program may be part of a bundle, and then all of that is verified. */
const options = { deadlineMs: 8_000 };
const none: Signature = { signature: 'none', signer: null };
const invalid: Signature = { signature: 'invalid', signer: null };
const team = /^[A-Z0-9]{10}$/;

export const signaturesOnMacos: SignatureReader = {
  method: `${codesign} --verify --strict, -dv`,
  async read(system, paths) {
    const signatures: Signature[] = [];
    for (const path of paths) signatures.push(await readOne(system, path));
    return signatures;
  },
};

/**
 * Only what Apple's own authority vouches for is valid. Every program built on a Mac is signed "ad hoc", by nobody, and
 * codesign calls that valid too.
 */
async function readOne(system: System, path: string): Promise<Signature> {
  // An absolute path: it is neither an option nor, as a bare number would be, a process.
  const verified = await system.run(codesign, ['--verify', '--strict', '-R=anchor apple generic', path], options);
  const signature = judge(verified);
  if (signature.signature !== 'valid') return signature;
  const shown = await system.run(codesign, ['-dv', path], options);
  return { signature: 'valid', signer: shown.outcome === 'exited' && shown.code === 0 ? teamOf(shown.stderr) : null };
}

/** codesign(1): 0 verified, 1 not, 3 verified and the requirement is not met. Its texts are in English only. */
export function judge(result: CommandResult): Signature {
  if (result.outcome !== 'exited') return notKnown;
  // It says nothing where it is content.
  if (result.code === 0) return result.stderr.trim() === '' ? { signature: 'valid', signer: null } : notKnown;
  if (result.code === 3) return none;
  if (result.code !== 1) return notKnown;
  if (/: code object is not signed at all$/m.test(result.stderr)) return none;
  // Whatever else it says, e.g. that it may not read the file, is no word about the signature.
  return /: (?:invalid signature|code or signature have been modified|a sealed resource is missing or invalid|code has no resources|CSSMERR_TP_|invalid Info\.plist|bundle format|unsealed contents|nested code is modified)/.test(
    result.stderr,
  )
    ? invalid
    : notKnown;
}

/** The team of the signer in the output of `codesign -dv`; Apple's own programs have none. */
export function teamOf(text: string): string | null {
  const stated = /^TeamIdentifier=(.+)$/m.exec(text)?.[1];
  if (stated === undefined || stated === 'not set') return null;
  return team.test(stated) ? stated : null;
}
