import { z } from 'zod';
import { humanText } from '../text.ts';
import { timestampSchema } from '../time.ts';

const noteSchema = z.string().max(131_072).meta({
  description: 'Signed note of a checkpoint (C2SP tlog-checkpoint): origin, number of entries, root of the Merkle tree',
});

/** The key that checkpoints are checked with. */
export const auditKeySchema = z
  .strictObject({
    /** As C2SP signed-note writes it: name, id and Ed25519 key, joined by plus signs. */
    key: z.string(),
    /** Name of the log, the first line of each checkpoint. */
    origin: z.string(),
    chain: z.string(),
  })
  .meta({ id: 'AuditKey' });

export const auditCheckpointSchema = z
  .strictObject({
    /** So many entries are under it. */
    size: z.int().min(1),
    /** Base64. */
    root: z.string(),
    at: timestampSchema,
    note: noteSchema,
  })
  .meta({ id: 'AuditCheckpoint' });

/** That an entry is in the log (RFC 6962 section 2.1.1): all that is needed to check it without this server. */
export const auditProofSchema = z
  .strictObject({
    seq: z.int().min(1),
    /** What the leaf of the tree is the hash of, to the byte. */
    entry: z.string(),
    /** Hashes from the leaf up, base64. */
    proof: z.array(z.string()).max(64),
    /** The checkpoint that the proof leads to. */
    size: z.int().min(1),
    checkpoint: noteSchema,
    /** What a person wrote, and the salt that the entry has it hashed with. Null where there is none, or it was erased. */
    text: z.strictObject({ salt: z.string(), text: z.string() }).nullable(),
  })
  .meta({ id: 'AuditProof' });

export const eraseTextSchema = z
  .strictObject({
    /** Kept as the text of an entry of its own: why, and not again what was erased. */
    reason: humanText({ max: 1000 }),
  })
  .meta({ id: 'EraseText' });

export const erasedSchema = z
  .strictObject({
    /** Texts in the log. */
    texts: z.int().min(0),
    /** Where they stood too: requests, decisions, endings, reviews, messages. */
    copies: z.int().min(0),
  })
  .meta({ id: 'Erased' });
