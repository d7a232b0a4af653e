import { toTimestamp } from '@postern/shared/time';
import type { Message } from './message.ts';
import { cut, plain } from './text.ts';

/** Standard Webhooks asks for less than 20 kB. */
const mostBytes = 20_000;

/** The body of a Standard Webhook: `{type, timestamp, data}`, always less than 20 kB. What had to go is said. */
export function standardBody(message: Message): string {
  const { type, at, title, text, subject, data } = message;
  const body = (given: object) => JSON.stringify({ type, timestamp: toTimestamp(at), data: given });
  const about = { subject, person: message.person, device: message.device };
  const said = { title: cut(plain(title), 500), text: text === null ? null : plain(text) };
  const whole = body({ ...about, ...said, details: data });
  if (Buffer.byteLength(whole) < mostBytes) return whole;
  const withoutDetails = body({ ...about, ...said, details: {}, truncated: true });
  if (Buffer.byteLength(withoutDetails) < mostBytes) return withoutDetails;
  return body({
    ...about,
    ...said,
    text: said.text === null ? null : cut(said.text, 2000),
    details: {},
    truncated: true,
  });
}
