import { sayAbsolute, sayLength } from '../../parts/say-time.ts';
import { t } from '../../strings/index.ts';

const isTime = /^\d{4}-\d\d-\d\dT/;

/** A number or a time of a report, as people say it: the API has percent, seconds and RFC 3339. */
export function sayValue(name: string, value: number | string | null | undefined, zone: 'local' | 'UTC'): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return isTime.test(value) ? sayAbsolute(Date.parse(value), zone) : value;
  if (name.endsWith('Seconds')) return sayLength(value);
  return /percent$/i.test(name) ? t.analytics.percent(value) : String(value);
}

/** What a value is called. */
export function nameOfValue(name: string): string {
  const { values } = t.analytics;
  return Object.hasOwn(values, name) ? (values[name] ?? name) : name;
}
