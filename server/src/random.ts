import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Randomness as an argument. */
export interface Random {
  /** Version 7 UUID: sorts by time, also within a millisecond. */
  uuid(): string;
  /** A secret of 256 bits, base64url. */
  secret(): string;
  /** A number in [0, below), uniformly. */
  integer(below: number): number;
}

/** Takes its randomness in blocks: asked for 16 bytes at a time, OpenSSL took 15 µs for each of three ids of a request. */
function createUuids(): () => string {
  let block = Buffer.alloc(0);
  let last = { msecs: 0, seq: 0 };
  return () => {
    if (block.length === 0) block = randomBytes(16 * 256);
    const random = block.subarray(0, 16);
    block = block.subarray(16);
    const msecs = Date.now();
    // RFC 9562 section 6.2: within a millisecond a counter of 32 bits rises, from a start below its half.
    last = msecs > last.msecs ? { msecs, seq: random.readUInt32BE(6) >>> 1 } : { ...last, seq: last.seq + 1 };
    return uuidv7({ random, ...last });
  };
}

export const systemRandom: Random = {
  uuid: createUuids(),
  secret: () => randomBytes(32).toString('base64url'),
  integer: (below) => {
    const limit = Math.floor(0x1_0000_0000 / below) * below;
    for (;;) {
      const number = randomBytes(4).readUInt32BE();
      if (number < limit) return number % below;
    }
  },
};
