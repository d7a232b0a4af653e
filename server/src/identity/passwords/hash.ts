import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { sameSecret } from '@postern/shared/digest';
import { Fault } from '@postern/shared/protocol/errors';
import { deriveKey } from '../../master-key.ts';

const derive = promisify(argon2);

/** OWASP's first choice for Argon2id: 19 MiB, two passes. What was hashed otherwise is still read, and hashed anew. */
const now = { memory: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const tagLength = 32;

/** Each takes 19 MiB and a thread; more at once would keep everything else waiting. */
const mostAtOnce = 2;
const mostWaiting = 40;

interface Hashed extends Record<keyof typeof now, number> {
  salt: Buffer;
  tag: Buffer;
}

export interface PasswordHashes {
  /** Argon2id in PHC form, with a secret of this server mixed in: the database alone is not enough to guess against. */
  hash(password: string): Promise<string>;
  matches(password: string, stored: string): Promise<boolean>;
  /** It was made with other costs than new ones are. */
  isOutdated(stored: string): boolean;
  /** A hash of nothing that anybody knows: to compare with where there is none. */
  nobodys(): Promise<string>;
}

export function createPasswordHashes(masterSecret: string): PasswordHashes {
  const secret = deriveKey(masterSecret, 'passwords');
  const inTurn = createQueue();
  let dummy: Promise<string> | undefined;

  /** Equal to the eye is equal (NIST SP 800-63B section 3.1.1.2). */
  const bytesOf = (password: string) => Buffer.from(password.normalize('NFKC'), 'utf8');
  const tagOf = (password: string, salt: Buffer, costs: typeof now) =>
    inTurn(() => derive('argon2id', { message: bytesOf(password), nonce: salt, secret, tagLength, ...costs }));

  const hash = async (password: string) => {
    const salt = randomBytes(saltBytes);
    return phc({ ...now, salt, tag: await tagOf(password, salt, now) });
  };
  return {
    hash,
    async matches(password, stored) {
      const parts = parsePhc(stored);
      if (parts === undefined) return false;
      const { salt, tag, memory, passes, parallelism } = parts;
      const made = await tagOf(password, salt, { memory, passes, parallelism });
      return sameSecret(made.toString('base64'), tag.toString('base64'));
    },
    isOutdated(stored) {
      const parts = parsePhc(stored);
      return (
        parts === undefined || Object.entries(now).some(([name, cost]) => parts[name as keyof typeof now] !== cost)
      );
    },
    nobodys: () => (dummy ??= hash(randomBytes(32).toString('base64'))),
  };
}

function phc({ memory, passes, parallelism, salt, tag }: Hashed): string {
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}

function parsePhc(text: string): Hashed | undefined {
  const form = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$/;
  const [, memory, passes, parallelism, salt, tag] = form.exec(text) ?? [];
  if (salt === undefined || tag === undefined) return undefined;
  const costs = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return { ...costs, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

/** @throws Fault unavailable when too many wait */
function createQueue() {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= mostAtOnce) {
      if (waiting.length >= mostWaiting) throw new Fault('unavailable');
      await new Promise<void>((go) => waiting.push(go));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      // Whoever is next takes over the place.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
