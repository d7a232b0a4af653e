import { createPublicKey, KeyObject, sign } from 'node:crypto';
import { compactVerify, CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose';
import { openJws } from '../compact-jws.ts';
import { isSignedBy } from '../es256.ts';

export interface Difference {
  jws: string;
  ours: boolean;
  jose: boolean;
}

export interface Comparison {
  compared: number;
  /** How many of them both accepted: without any, nothing was compared. */
  accepted: number;
  /** Accepted here and refused by jose. There must be none. */
  differences: Difference[];
}

const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/**
 * Lets jose and our verification judge the same texts: signatures that are good, changed in every way that we could
 * think of, and of other keys.
 *
 * @param random numbers in [0, 1), from a seed
 */
export async function compareWithJose(count: number, random: () => number): Promise<Comparison> {
  const keys = await Promise.all(Array.from({ length: 4 }, makeKey));
  const result: Comparison = { compared: 0, accepted: 0, differences: [] };
  let texts: string[] = [];
  for (let number = 0; number < count; number += 1) {
    // Signing anew each time would take most of the time.
    const at = Math.floor(number / 50) % keys.length;
    const signer = keys[at];
    const verifier = random() < 0.9 ? signer : keys[(at + 1) % keys.length];
    if (signer === undefined || verifier === undefined) continue;
    if (number % 50 === 0)
      texts = await Promise.all(Array.from({ length: 5 }, () => signed(signer.privateKey, random)));
    const jws = change(texts[Math.floor(random() * texts.length)] ?? '', random, signer.secret);
    const opened = openJws(jws, 100_000);
    const ours = opened !== undefined && isSignedBy(opened, verifier.key);
    const jose = await compactVerify(jws, verifier.publicKey, { algorithms: ['ES256'] }).then(
      () => true,
      () => false,
    );
    result.compared += 1;
    if (ours && jose) result.accepted += 1;
    if (ours && !jose) result.differences.push({ jws, ours, jose });
  }
  return result;
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);
  const key: KeyObject = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return { privateKey, publicKey, key, secret: KeyObject.from(privateKey) };
}

async function signed(key: Parameters<CompactSign['sign']>[0], random: () => number): Promise<string> {
  const payload = JSON.stringify({ text: 'x'.repeat(Math.floor(random() * 300)), number: random() });
  return await new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader({ alg: 'ES256' }).sign(key);
}

type Mutation = (jws: string, random: () => number, secret: KeyObject) => string;

/** What the holder of the key itself might sign: the signature is good, and the rest must decide. */
const headers: readonly (string | Buffer)[] = [
  '{"alg":"ES256"}',
  ' {\t"alg" : "ES256"}\n',
  '{"alg":"ES256","kid":"../../etc/passwd","jku":"https://example.com","jwk":{"kty":"EC"}}',
  '{"alg":"none"}',
  '{"alg":"HS256"}',
  '{"alg":"ES384"}',
  '{"alg":"es256"}',
  '{"alg":"ES256\\u0000"}',
  '{"alg":["ES256"]}',
  '{"alg":{"toString":"ES256"}}',
  '{"ALG":"ES256"}',
  '{"alg":"ES256","alg":"none"}',
  '{"alg":"none","alg":"ES256"}',
  '{"alg":"none","\\u0061lg":"ES256"}',
  '{"__proto__":{"alg":"ES256"}}',
  '{"alg":"ES256","__proto__":{"crit":["exp"]}}',
  '{"alg":"ES256","crit":["exp"],"exp":1}',
  '{"alg":"ES256","crit":[]}',
  '{"alg":"ES256","crit":null}',
  '{"alg":"ES256","b64":false}',
  '{"alg":"ES256","crit":["b64"],"b64":false}',
  '{"alg":"ES256","crit":["b64"],"b64":true}',
  '{"alg":"ES256"}{}',
  '{"alg":"ES256",}',
  '["ES256"]',
  '"ES256"',
  'null',
  '',
  '\uFEFF{"alg":"ES256"}',
  Buffer.from([...Buffer.from('{"alg":"ES256","x":"'), 0xff, ...Buffer.from('"}')]),
];

const mutations: readonly Mutation[] = [
  (jws) => jws,
  // One character anywhere is another.
  (jws, random) => {
    const at = Math.floor(random() * jws.length);
    return jws.slice(0, at) + 'ABCDabcd0189-_.='.charAt(Math.floor(random() * 16)) + jws.slice(at + 1);
  },
  // One bit of the signature.
  onSignature((bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return bytes;
  }),
  // Other lengths: shorter, longer, empty, twice.
  onSignature((bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length))),
  onSignature((bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + Math.floor(random() * 64))])),
  onSignature((bytes, random) => Buffer.concat([Buffer.alloc(1 + Math.floor(random() * 3)), bytes])),
  // r or s that is zero, all ones, the order, or s's other solution (which ECDSA accepts).
  onSignature((bytes) => Buffer.concat([Buffer.alloc(32), bytes.subarray(32)])),
  onSignature((bytes) => Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(32)])),
  onSignature((bytes) => Buffer.concat([Buffer.alloc(32, 255), bytes.subarray(32)])),
  onSignature((bytes) => Buffer.concat([bytes.subarray(0, 32), numberOf(order)])),
  onSignature((bytes) =>
    Buffer.concat([bytes.subarray(0, 32), numberOf(order - BigInt(`0x${bytes.subarray(32).toString('hex')}`))]),
  ),
  onSignature((bytes) => Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)])),
  // Zeros before s: as a number it is the same, in JOSE it is another length.
  onSignature((bytes, random) =>
    Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(1 + Math.floor(random() * 2)), bytes.subarray(32)]),
  ),
  // The DER that OpenSSL speaks is not the form of JOSE.
  onSignature((bytes) =>
    Buffer.concat([Buffer.from([0x30, 68, 2, 32]), bytes.subarray(0, 32), Buffer.from([2, 32]), bytes.subarray(32)]),
  ),
  (jws, random, secret) => {
    const header = Buffer.from(headers[Math.floor(random() * headers.length)] ?? '').toString('base64url');
    const input = `${header}.${jws.split('.')[1] ?? ''}`;
    const signature = sign('sha256', Buffer.from(input), { key: secret, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  },
  // Another header, another order of parts, parts too few and too many.
  (jws) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${jws.split('.').slice(1).join('.')}`,
  (jws) => jws.split('.').toReversed().join('.'),
  (jws) => jws.slice(0, jws.lastIndexOf('.')),
  (jws) => `${jws}.${jws}`,
  (jws) => `${jws}=`,
  (jws) => ` ${jws}`,
];

function change(jws: string, random: () => number, secret: KeyObject): string {
  return mutations[Math.floor(random() * mutations.length)]?.(jws, random, secret) ?? jws;
}

function onSignature(alter: (bytes: Buffer, random: () => number) => Buffer): Mutation {
  return (jws, random) => {
    const [header = '', payload = '', signature = ''] = jws.split('.');
    return `${header}.${payload}.${alter(Buffer.from(signature, 'base64url'), random).toString('base64url')}`;
  };
}

function numberOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}
