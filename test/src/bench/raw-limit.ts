import { generateKeyPairSync, sign, verify } from 'node:crypto';

/**
 * What this machine can do at all, on one core, in this run: nothing but the signatures of a request, with keys
 * that are parsed already. DER, because in Node the other encoding costs a conversion.
 */
export function rawLimit(operations: { verifications: number; signatures: number }, milliseconds: number): number {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = Buffer.alloc(600, 'x');
  const signature = sign('sha256', text, privateKey);
  const started = performance.now();
  let requests = 0;
  while (performance.now() - started < milliseconds) {
    for (let times = 0; times < 20; times += 1) {
      for (let each = 0; each < operations.verifications; each += 1) verify('sha256', text, publicKey, signature);
      for (let each = 0; each < operations.signatures; each += 1) sign('sha256', text, privateKey);
    }
    requests += 20;
  }
  return requests / ((performance.now() - started) / 1000);
}
