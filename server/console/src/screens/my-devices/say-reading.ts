import type { Reading } from '@postern/shared/protocol/reading';
import { t } from '../../strings/index.ts';

/** A reading as it was sent: its value whole, or why there is none. */
export function sayReading(reading: Reading): string {
  switch (reading.status) {
    case 'ok':
      return JSON.stringify(reading.value, null, 1);
    case 'unknown':
      return t.mine.unknownReading(reading.reason, reading.detail);
    case 'unsupported':
      return t.mine.unsupportedReading(reading.reason, reading.detail);
  }
}
