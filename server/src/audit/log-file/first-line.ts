import { Found } from './found.ts';
import { logFormat, type LogHeader } from './format.ts';
import type { RawLine } from './lines.ts';
import { readLine } from './read-line.ts';

const begins = '{"log":{"format":';
const marks: readonly [bytes: string, why: string][] = [
  ['\x1f\x8b', 'This file is compressed: unpack it first.'],
  ['\xff\xfe', 'This file was saved as UTF-16, as PowerShell does: export it with --output.'],
  ['\xfe\xff', 'This file was saved as UTF-16: export it with --output.'],
];
const none =
  'This is not an audit log as postern-server audit export writes it as JSON Lines, without --from, --to and --type.';

/** What the first line says. @throws Found for what is no audit log, and for one whose first line is another */
export function readFirstLine(raw: RawLine, cutOff: () => Found): LogHeader {
  const line = raw.text === undefined ? undefined : readLine(raw.text);
  if (raw.ended && line?.kind === 'log') return line.log;
  if (line !== undefined && line.kind !== 'log')
    throw new Found('missing', null, 'The first line of the log is missing.');
  const start = Buffer.from(raw.bytes.subarray(0, 256)).toString('latin1');
  const mark = marks.find(([bytes]) => start.startsWith(bytes));
  if (mark !== undefined) throw new Found('unreadable', null, mark[1]);
  // Any single byte may be another: one of the two is left then.
  const ours = start.includes('"log"') || start.includes(logFormat);
  if (!raw.ended && (ours || begins.startsWith(start))) throw cutOff();
  if (!ours && start !== '' && !begins.startsWith(start)) throw new Found('unreadable', null, none);
  if (start.startsWith('\xef\xbb\xbf'))
    throw new Found('altered', null, 'The file begins with a byte order mark: an editor saved it anew.');
  if (raw.text?.endsWith('\r') === true)
    throw new Found('altered', null, 'Its lines end in CR LF: an editor, or a transfer as text, changed them.');
  throw new Found('altered', null, 'The first line of the log is not as it was written.');
}
