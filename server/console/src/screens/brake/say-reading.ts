import type { BrakeDetail } from '@postern/shared/protocol/brake';
import { t } from '../../strings/index.ts';

type Reading = BrakeDetail['affected'][number]['after'];

/** A reading as it was sent, in one line: what an admin compares is the raw value. */
export function sayReading(reading: Reading): string {
  if (reading === null) return t.brakes.nothing;
  if (reading.status === 'ok') return JSON.stringify(reading.value) ?? t.brakes.nothing;
  return [reading.status, reading.reason].filter(Boolean).join(': ');
}
