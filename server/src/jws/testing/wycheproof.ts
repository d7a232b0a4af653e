import { readFileSync } from 'node:fs';
import type { JsonWebKey } from 'node:crypto';

/** A vector of Project Wycheproof with what its group says; test/vectors/wycheproof/README.md tells where they are from. */
export interface Vector {
  tcId: number;
  comment: string;
  result: 'valid' | 'invalid';
  group: string;
  keys: readonly JsonWebKey[];
  jws: string;
  /** Hexadecimal, in place of `jws`. */
  msg: string;
  sig: string;
}

type File = 'ecdsa_p256_sha256_p1363' | 'json_web_signature' | 'json_web_key';

export function readVectors(file: File): Vector[] {
  const address = new URL(`../../../../test/vectors/wycheproof/${file}.jsonl`, import.meta.url);
  const lines = readFileSync(address, 'utf8').trimEnd().split('\n');
  let group = '';
  let keys: readonly JsonWebKey[] = [];
  return lines.flatMap((line) => {
    const read = JSON.parse(line) as Partial<Vector & { key: JsonWebKey }>;
    if (read.tcId !== undefined) return [{ ...read, group, keys } as Vector];
    group = read.group ?? '';
    keys = read.keys ?? (read.key === undefined ? [] : [read.key]);
    return [];
  });
}
