import { fromBase64, sha256, toBase64Url, toHex, utf8 } from '../../parts/bytes.ts';
import { isSignedBy, leadsTo, readCheckpoint, readLogKey } from './checkpoint.ts';
import { hashLeaf, rootOf } from './merkle.ts';

/** What the backend gives out to prove an entry. */
export interface ProofAnswer {
  seq: number;
  entry: string;
  proof: readonly string[];
  size: number;
  checkpoint: string;
  /** What a person wrote, with the salt that it was hashed with; null where there is none, or it was erased. */
  text: { salt: string; text: string } | null;
}

/** What the page shows of the entry, from another answer: a proof of something else proves nothing about it. */
export interface ShownEntry {
  seq: number;
  at: string;
  type: string;
  outcome: string;
  actor: { kind: string; id: string | null };
  subject: { kind: string; id: string } | null;
  data: unknown;
  text: string | null;
  previousHash: string;
  hash: string;
}

/**
 * - `shown`: what the page shows is what is proven
 * - `text`: what a person wrote is what was written then
 * - `leaf`: the hash of the entry in the tree
 * - `path`: from it the hashes of the proof lead to the root of the checkpoint
 * - `signature`: the checkpoint is signed by the key of the log
 */
export const proofSteps = ['shown', 'text', 'leaf', 'path', 'signature'] as const;
export type ProofStep = (typeof proofSteps)[number];

/** `not-checked`: this browser cannot; `none`: there is nothing of the kind. */
export type StepOutcome = 'holds' | 'fails' | 'not-checked' | 'none';

/** What came of checking a proof. */
export interface ProofResult {
  steps: Readonly<Record<ProofStep, StepOutcome>>;
  /** `verified` only where every step holds that there is something to check for. */
  verdict: 'verified' | 'not-verified' | 'not-checked';
  /** Hexadecimal. */
  leaf: string;
  hashes: number;
  size: number;
  /** Of the key that was checked with; null: what the backend gave is no key. */
  keyId: string | null;
}

/** Checks a proof as RFC 6962 and C2SP have it, in this browser. Whatever cannot be read fails; nothing is thrown. */
export async function verifyProof(shown: ShownEntry, answer: ProofAnswer, vkey: string): Promise<ProofResult> {
  const { seq, entry, proof, size } = answer;
  const leaf = await hashLeaf(entry);
  const [key, checkpoint] = [await readLogKey(vkey), readCheckpoint(answer.checkpoint)];
  const hashes = proof.map(fromBase64);
  const isWhole = entry.isWellFormed() && hashes.every((hash) => hash !== undefined);
  const root = isWhole
    ? await rootOf(
        leaf,
        { index: seq - 1, size },
        hashes.filter((hash) => hash !== undefined),
      )
    : undefined;
  const isSigned = key === undefined || checkpoint === undefined ? false : await isSignedBy(checkpoint, key);
  const steps = {
    shown: holds(isWhole && (await isShown(shown, answer))),
    text: await checkText(shown, answer),
    leaf: holds(isWhole && shown.seq === seq),
    path: holds(checkpoint !== undefined && checkpoint.size === size && leadsTo(root, checkpoint)),
    signature: isSigned === undefined ? 'not-checked' : holds(isSigned),
  } as const;
  return {
    steps,
    verdict: verdictOf(Object.values(steps)),
    leaf: toHex(leaf),
    hashes: proof.length,
    size,
    keyId: key?.id ?? null,
  };
}

function verdictOf(outcomes: readonly StepOutcome[]): ProofResult['verdict'] {
  if (outcomes.includes('fails')) return 'not-verified';
  return outcomes.includes('not-checked') ? 'not-checked' : 'verified';
}

function holds(isTrue: boolean): 'holds' | 'fails' {
  return isTrue ? 'holds' : 'fails';
}

async function isShown(shown: ShownEntry, { seq, entry }: ProofAnswer): Promise<boolean> {
  const proven = readEntry(entry);
  if (proven === undefined || proven['seq'] !== seq || shown.seq !== seq) return false;
  const { at, type, outcome, actor, subject, data, previousHash: prev, hash } = shown;
  const said = {
    v: 1,
    seq,
    at: Date.parse(at),
    type,
    outcome,
    actor,
    subject,
    data,
    prev,
    textHash: proven['textHash'],
  };
  return isAlike(said, proven) && toBase64Url(await sha256(utf8(entry))) === hash;
}

/** A text stands beside the entry, which has its salted hash: so it can be erased, and the log stays whole. */
async function checkText(shown: ShownEntry, { entry, text }: ProofAnswer): Promise<StepOutcome> {
  if (text === null) return shown.text === null ? 'none' : 'fails';
  const hash = toBase64Url(await sha256(utf8(`${text.salt}\n${text.text}`)));
  // Salt and text are joined by a line end: a salt with one in it would take the beginning of another text for its own.
  const isOwn = /^[\w-]{1,64}$/.test(text.salt) && text.text.isWellFormed() && hash === readEntry(entry)?.['textHash'];
  return holds(isOwn && shown.text === text.text);
}

function readEntry(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const entry: unknown = JSON.parse(text);
    return isRecord(entry) && entry['v'] === 1 ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two JSON values say the same, whatever the order of their members. */
function isAlike(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((each, index) => isAlike(each, right[index]));
  if (!isRecord(left) || !isRecord(right)) return Object.is(left, right);
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isAlike(left[name], right[name]))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
