import { isDeepStrictEqual } from 'node:util';
import { readingSchema, type Reading } from '@postern/shared/protocol/reading';
import { findCheck } from '@postern/shared/checks/catalogue';
import type { Breaks } from './mutation.ts';
import { betterThan } from './orders.ts';

/** What is wrong with the reading of a spoilt machine; undefined where nothing is. */
export function wrongWith(
  id: string,
  truth: Reading,
  reading: Reading | undefined,
  breaks: Breaks,
): string | undefined {
  if (reading === undefined || !readingSchema.safeParse(reading).success) return 'no valid reading';
  if (reading.status === 'unknown' && reading.detail.startsWith('The agent stopped with an error'))
    return `threw: ${reading.detail}`;
  if (reading.status === 'unknown' && reading.detail.length < 10) return `explains nothing: ${reading.detail}`;
  if (reading.status === 'ok' && findCheck(id)?.value.safeParse(reading.value).success !== true)
    return 'a value of another form';
  if (breaks === 'meaning' || reading.status === 'unknown') return undefined;

  if (reading.status === 'unsupported') return truth.status === 'unsupported' ? undefined : 'called unsupported';
  if (truth.status !== 'ok') return `a value where there is none: ${JSON.stringify(reading.value)}`;
  if (isDeepStrictEqual(truth.value, reading.value)) return undefined;
  const better = betterThan(id, truth.value, reading.value);
  if (better === undefined) return 'no order is written for this check';
  return better.length === 0 ? undefined : `better: ${better.join(', ')}`;
}
