import { fromTimestamp, type Instant, sayDuration } from '@postern/shared/time';

/** `in 3 days (24 Nov 2026 09:30)`, `2 hours ago (…)`: relative first, the absolute beside it, in local time. */
export function sayWhen(timestamp: string, now: Instant): string {
  const at = fromTimestamp(timestamp);
  const distance = Math.abs(at - now);
  const relative = distance < 1000 ? 'now' : at > now ? `in ${sayDuration(distance)}` : `${sayDuration(distance)} ago`;
  return `${relative} (${sayMoment(timestamp)})`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `24 Nov 2026 09:30`, in local time. */
export function sayMoment(timestamp: string): string {
  const date = new Date(fromTimestamp(timestamp));
  const two = (number: number) => String(number).padStart(2, '0');
  return `${sayDay(timestamp)} ${date.getFullYear()} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `24 Nov`, in local time. */
export function sayDay(timestamp: string): string {
  const date = new Date(fromTimestamp(timestamp));
  return `${date.getDate()} ${months[date.getMonth()] ?? ''}`;
}
