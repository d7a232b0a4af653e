import { z } from 'zod';
import { sha256 } from '@postern/shared/digest';
import {
  checkpointLine,
  endLine,
  type EntryLine,
  entryLine,
  headerLine,
  type LogEnd,
  logFormat,
  type LogHeader,
} from './format.ts';

export type LogLine =
  | { kind: 'log'; log: LogHeader }
  | { kind: 'entry'; line: EntryLine }
  | { kind: 'checkpoint'; note: string }
  | { kind: 'end'; end: LogEnd };

const count = z.int().min(0);
/** Half a surrogate pair can be written in JSON, and is hashed as if it were U+FFFD: no text that Postern writes has one. */
const text = z.string().refine((given) => given.isWellFormed());
const lineSchema = z.union([
  z
    .strictObject({ entry: text, hash: text, salt: text.nullable(), text: text.nullable() })
    .transform((line) => ({ kind: 'entry' as const, line })),
  z
    .strictObject({ checkpoint: text })
    .transform(({ checkpoint }) => ({ kind: 'checkpoint' as const, note: checkpoint })),
  z
    .strictObject({
      log: z.strictObject({
        format: z.literal(logFormat),
        chain: text,
        key: text,
        head: z.strictObject({ seq: count, hash: text }),
      }),
      digest: text,
    })
    .refine(({ log, digest }) => digest === sha256(JSON.stringify(log)))
    .transform(({ log }) => ({ kind: 'log' as const, log })),
  z
    .strictObject({ end: z.strictObject({ entries: count, checkpoints: count }), digest: text })
    .refine(({ end, digest }) => digest === sha256(JSON.stringify(end)))
    .transform(({ end }) => ({ kind: 'end' as const, end })),
]);

/**
 * What a line of a log file says. Undefined where it is not to the byte what Postern writes: JSON can say one thing in
 * many ways, and a file in which only the spelling changed has been changed all the same.
 */
export function readLine(text: string): LogLine | undefined {
  const read = lineSchema.safeParse(jsonOf(text));
  return read.success && write(read.data) === `${text}\n` ? read.data : undefined;
}

function write(line: LogLine): string {
  switch (line.kind) {
    case 'log':
      return headerLine(line.log);
    case 'entry':
      return entryLine(line.line);
    case 'checkpoint':
      return checkpointLine(line.note);
    case 'end':
      return endLine(line.end);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
