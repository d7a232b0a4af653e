import type { Impact } from '@postern/shared/protocol/impact';
import { sayLength } from '../../parts/say-time.ts';
import { t } from '../../strings/index.ts';

const words = t.ask.means;

/** What becomes of one resource. */
export function resourceText(resource: Impact['resources'][number]): string {
  const { openBefore, openAfter, tokenLifeSecondsBefore: before, tokenLifeSecondsAfter: after } = resource;
  if (!openAfter) return words.resourceStaysClosed;
  if (!openBefore) return words.resourceOpens(sayLength(after));
  return before === after
    ? words.resourceStaysOpen(sayLength(after))
    : words.resourceChanges(sayLength(before), sayLength(after));
}
