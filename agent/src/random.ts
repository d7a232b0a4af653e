import { randomUUID } from 'node:crypto';

/** Chance, as an argument. */
export interface Random {
  /** A version 4 UUID: the `jti` of what is signed. */
  uuid(): string;
  /** At least 0 and below 1: the jitter of waiting times, nothing secret. */
  fraction(): number;
}

export const systemRandom: Random = { uuid: () => randomUUID(), fraction: () => Math.random() };
