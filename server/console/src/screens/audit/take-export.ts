import { addressOf, type Query } from '../../api/call.ts';
import { Refusal } from '../../api/refusal.ts';

/** So much is put aside at a time: the browser keeps what is put aside where it has room, not in the page. */
const pieceBytes = 8 * 1024 * 1024;
const lineEnd = 10;

interface Export {
  name: string;
  file: Blob;
  lines: number;
}

/**
 * Fetches an export as it is made.
 *
 * @param progress is told how many lines have come, and how many entries there are in all
 * @throws Refusal where the backend did not give it, or broke off
 */
export async function takeExport(
  query: Query,
  progress: (lines: number, all: number) => void,
  signal: AbortSignal,
): Promise<Export> {
  const answer = await fetch(addressOf('/v1/admin/audit/export', query), { signal }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw Refusal.unreachable(cause);
  });
  if (!answer.ok || answer.body === null) throw Refusal.from(answer, await answer.json().catch(() => undefined));
  const all = Number(answer.headers.get('postern-entries') ?? 0);
  const type = answer.headers.get('content-type') ?? 'application/octet-stream';
  const pieces: Blob[] = [];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let [bytes, lines] = [0, 0];
  const putAside = () => {
    pieces.push(new Blob(waiting));
    waiting = [];
    bytes = 0;
  };
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    waiting.push(value);
    bytes += value.length;
    for (let at = value.indexOf(lineEnd); at !== -1; at = value.indexOf(lineEnd, at + 1)) lines += 1;
    progress(Math.min(lines, all), all);
    if (bytes >= pieceBytes) putAside();
  }
  putAside();
  const [, name = 'postern-audit'] = /filename="([\w.-]+)"/.exec(answer.headers.get('content-disposition') ?? '') ?? [];
  return { name, file: new Blob(pieces, { type }), lines };
}
