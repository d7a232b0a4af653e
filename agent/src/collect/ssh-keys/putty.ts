import type { Key } from './key.ts';
import { describe } from './public-key.ts';

/** A key file of PuTTY (.ppk, versions 2 and 3): headers, and the public half in lines whose number is stated. */
export function parsePutty(text: string): Key | undefined {
  const lines = text.split('\n');
  const encryption = headerOf(lines, 'Encryption');
  const at = lines.findIndex((line) => line.startsWith('Public-Lines: '));
  const count = /^Public-Lines: (\d{1,3})$/.exec(lines[at] ?? '')?.[1];
  // The last line of a file that is whole.
  const isWhole = headerOf(lines, 'Private-MAC') !== undefined;
  if (encryption === undefined || count === undefined || !isWhole) return undefined;
  const base64 = lines.slice(at + 1, at + 1 + Number(count)).join('');
  const kind = describe(Buffer.from(base64, 'base64'));
  return kind === undefined ? undefined : { ...kind, passphrase: encryption !== 'none' };
}

function headerOf(lines: readonly string[], name: string): string | undefined {
  const line = lines.find((each) => each.startsWith(`${name}: `));
  return line?.slice(name.length + 2);
}
