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

export const systemRandom: Random = {
  uuid: () => uuidv7(),
  secret: () => randomBytes(32).toString('base64url'),
  integer: (below) => {
    const limit = Math.floor(0x1_0000_0000 / below) * below;
    for (;;) {
      const number = randomBytes(4).readUInt32BE();
      if (number < limit) return number % below;
    }
  },
};
