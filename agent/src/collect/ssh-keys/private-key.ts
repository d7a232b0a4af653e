import { createPrivateKey } from 'node:crypto';
import type { Key } from './key.ts';
import { parseOpenSsh } from './openssh.ts';
import { parsePutty } from './putty.ts';

const block = /^-----BEGIN ((?:[A-Z0-9]{1,16} ){0,3})PRIVATE KEY-----$([^]*?)^-----(?:END \1PRIVATE KEY-----|BEGIN )/m;
const beginning = /^-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY-----$/gm;
/** Nobody keeps more in one file. */
const mostBlocks = 16;
const ssh1 = 'SSH PRIVATE KEY FILE FORMAT 1.1';

/** The private keys that a file holds, and how many there seem to be that cannot be understood. */
export function keysIn(raw: string): { keys: Key[]; unreadable: number } {
  // Line by line: a pattern for blanks before a line end tries anew at each blank of a file that is made of them.
  const lines = raw.replace(/^\uFEFF/, '').split('\n');
  const text = lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
  if (text.startsWith('PuTTY-User-Key-File-')) return counted([parsePutty(text)]);
  if (text.startsWith(ssh1)) return counted([undefined]);
  const starts = [...text.matchAll(beginning)].map((match) => match.index).slice(0, mostBlocks);
  return counted(starts.map((start, index) => parseBlock(text.slice(start, starts[index + 1]))));
}

function counted(parsed: readonly (Key | undefined)[]): { keys: Key[]; unreadable: number } {
  const keys = parsed.filter((key) => key !== undefined);
  return { keys, unreadable: parsed.length - keys.length };
}

function parseBlock(text: string): Key | undefined {
  const [whole, label = '', body = ''] = block.exec(text) ?? [];
  if (whole === undefined || whole.endsWith('BEGIN ')) return undefined;
  switch (label.trim()) {
    case 'OPENSSH':
      return parseOpenSsh(body);
    case 'ENCRYPTED':
      // What kind it is stands inside.
      return looksLikeBase64(body) ? { algorithm: 'unknown', bits: null, passphrase: true } : undefined;
    case 'RSA':
    case 'EC':
    case 'DSA':
      return /^Proc-Type: ?4,ENCRYPTED$/m.test(body) ? encryptedPem(label.trim(), body) : plainPem(whole);
    case '':
      return plainPem(whole);
    default:
      return undefined;
  }
}

const algorithms: Record<string, string> = { RSA: 'rsa', EC: 'ecdsa', DSA: 'dsa' };

/** RFC 1421: headers, an empty line, and what they are about. */
function encryptedPem(label: string, body: string): Key | undefined {
  const [, data = ''] = body.split('\n\n');
  const algorithm = algorithms[label];
  return algorithm !== undefined && looksLikeBase64(data) ? { algorithm, bits: null, passphrase: true } : undefined;
}

function looksLikeBase64(text: string): boolean {
  const characters = text.replaceAll('\n', '');
  return characters.length >= 16 && characters.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(characters);
}

/** What lies open is read by the library that would also use it. */
function plainPem(pem: string): Key | undefined {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPrivateKey(pem);
    const bits = details?.modulusLength ?? null;
    if (type === 'rsa' || type === 'dsa') return { algorithm: type, bits, passphrase: false };
    if (type === 'ec')
      return { algorithm: 'ecdsa', bits: curves[details?.namedCurve ?? ''] ?? null, passphrase: false };
    return type === 'ed25519' || type === 'ed448' ? { algorithm: type, bits: null, passphrase: false } : undefined;
  } catch {
    return undefined;
  }
}

const curves: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521, secp256k1: 256 };
