import type { OwnAccess } from '@postern/shared/protocol/access';
import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { OfferedTemplate } from '@postern/shared/protocol/template';
import { useGet } from '../../api/queries.ts';
import { secondsOf, usualLengths } from '../../parts/mine/lengths.ts';

/** For how long one may ask, in seconds: as the template of the exception says, and as it is now. */
export function useLengths({ template, durationSeconds }: ExceptionView): number[] {
  const templates = useGet<{ items: OfferedTemplate[] }>('/v1/me/templates');
  const access = useGet<OwnAccess>('/v1/me/access');
  const ofRules = templates.data?.items.find(({ name }) => name === template?.name)?.durationsSeconds;
  const ofAccess = access.data?.offers
    .flatMap((offer) => offer.templates)
    .find(({ name }) => name === template?.name)
    ?.durations.map(secondsOf);
  const lengths = ofRules ?? ofAccess ?? usualLengths;
  return [...new Set([durationSeconds, ...lengths])].toSorted((a, b) => a - b);
}
