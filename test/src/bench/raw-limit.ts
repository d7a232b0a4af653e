import { generateKeyPairSync, sign, verify } from 'node:crypto';

export interface Operations {
  verifications: number;
  signatures: number;
}

export interface RawLimit {
  /** Requests a second. */
  perSecond: number;
  /** CPU of one. Unlike the rate, it does not grow when somebody else uses the core. */
  cpuMicros: number;
}

/**
 * What this machine can do at all, on one core, in this run: nothing but the signatures of a request, with keys
 * that are parsed already. DER, because in Node the other encoding costs a conversion.
 */
export function rawLimit(operations: Operations, milliseconds: number): RawLimit {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = Buffer.alloc(600, 'x');
  const signature = sign('sha256', text, privateKey);
  const cpu = process.cpuUsage();
  const started = performance.now();
  let requests = 0;
  while (performance.now() - started < milliseconds) {
    for (let times = 0; times < 20; times += 1) {
      for (let each = 0; each < operations.verifications; each += 1) verify('sha256', text, publicKey, signature);
      for (let each = 0; each < operations.signatures; each += 1) sign('sha256', text, privateKey);
    }
    requests += 20;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: requests / ((performance.now() - started) / 1000), cpuMicros: (user + system) / requests };
}
