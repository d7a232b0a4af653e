import { createAttendance } from './attendance.ts';
import { Refusal } from './refusal.ts';

const attendance = createAttendance(window);

/** What a call does to what it names. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a list is narrowed by; whatever is empty is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `path?a=1`: empty values are left out, so that equal questions have equal addresses. */
export function addressOf(path: string, query: Query = {}): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * One call to the backend, with the session's cookie.
 *
 * @returns the answer's document; undefined where there is none
 * @throws Refusal with the sentence that the backend wrote for people
 */
export async function call<Answer>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const answer = await fetch(path, {
    method,
    headers: { ...attendance.headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw Refusal.unreachable(cause);
  });
  const document = read(await answer.text());
  if (!answer.ok) throw Refusal.from(answer, document);
  return document as Answer;
}

function read(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
