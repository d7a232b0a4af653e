// Read from recorded output; not run on the system itself.
import { humanLine } from '@postern/shared/text';
import { z } from 'zod';
import { askPowerShell, speakUtf8 } from '../windows/powershell.ts';
import { notKnown, type Signature, type SignatureReader } from './read.ts';

const method = 'Get-AuthenticodeSignature';

// The paths come in on standard input, as JSON in ASCII. In the script itself a path could end a string and go on as a
// command, and as an argument it would: PowerShell joins those to the script.
export const script = `${speakUtf8}
$answers = foreach ($path in ((@($input) -join '') | ConvertFrom-Json)) {
  try {
    $found = Get-AuthenticodeSignature -LiteralPath $path -ErrorAction Stop
    @{ status = [string]$found.Status; subject = [string]$found.SignerCertificate.Subject }
  } catch { @{ status = 'Failed'; subject = '' } }
}
ConvertTo-Json -Compress -InputObject @($answers)`;

const answerSchema = z
  .array(z.strictObject({ status: z.string().max(64), subject: z.string().max(4096).nullable() }))
  .max(64);
const subject = humanLine({ max: 256 });

export const signaturesOnWindows: SignatureReader = {
  method,
  async read(system, paths) {
    const asked = await askPowerShell(system, script, answerSchema, method, asciiJson(paths));
    // Answers are matched by their place: one too few, and whose is whose nobody knows.
    if (asked.status !== 'answered' || asked.answer.length !== paths.length) return paths.map(() => notKnown);
    return asked.answer.map(judge);
  },
};

/** SignatureStatus names are the same in every language. Who is not trusted is named all the same by the hash alone. */
export function judge({ status, subject: name }: z.infer<typeof answerSchema>[number]): Signature {
  switch (status) {
    case 'Valid':
      return { signature: 'valid', signer: subject.safeParse(name).data ?? null };
    case 'NotSigned':
      return { signature: 'none', signer: null };
    case 'HashMismatch':
    case 'NotTrusted':
      return { signature: 'invalid', signer: null };
    default:
      return notKnown;
  }
}

/** PowerShell reads its input in the console's code page: beyond ASCII every one differs. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
