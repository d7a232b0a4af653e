import type { Check } from '@postern/shared/checks/define';
import { own } from '@postern/shared/own';
import type { Readings } from '@postern/shared/protocol/reading';

/** What a check reported, where it has an answer of the form that its schema asks for. */
export function valueOf<Value>(readings: Readings, check: Check<Value>): Value | undefined {
  const reading = own(readings, check.id);
  return reading?.status === 'ok' ? check.value.safeParse(reading.value).data : undefined;
}
