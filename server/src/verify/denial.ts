import { toErrorAnswer } from '@postern/shared/protocol/error-answer';
import type { Fault } from '@postern/shared/protocol/errors';
import type { Reply, Request } from '../http/route.ts';
import { challengeOf, denialStatus } from './challenge.ts';
import { denialPage, type PageAbout } from './denial-page.ts';
import { failedChecksOf } from './failed-checks.ts';
import { headerLine } from './header-text.ts';
import { noIdentity } from './owned-headers.ts';

export interface DenialAbout extends PageAbout {
  /** For the client's next proof. */
  nonce: string;
}

type Asking = Pick<Request<unknown, unknown, unknown>, 'header'>;

/** The answer to a gateway whose client may not pass, fit to be handed on to that client. */
export function denial(fault: Fault, { header }: Asking, about: DenialAbout): Reply {
  const status = denialStatus(fault);
  const headers: Record<string, string> = {
    ...noIdentity,
    ...pick(fault.headers, 'Retry-After'),
    'X-Posture-Reason': headerLine(reasonOf(fault)),
    'DPoP-Nonce': about.nonce,
  };
  if (status !== 503) headers['WWW-Authenticate'] = challengeOf(fault);
  if (!prefersHtml(header('accept'))) return { status, headers, body: toErrorAnswer(fault) };
  const page = denialPage(fault, about);
  return { status, headers: { ...headers, ...page.headers }, body: page.html };
}

/** One line that says what to do. */
function reasonOf(fault: Fault): string {
  const [detail] = fault.details;
  if (fault.code === 'gateway_misconfigured' && detail !== undefined)
    return `The gateway is not set up: ${detail.path} ${detail.message}`;
  const checks = failedChecksOf(fault);
  const [first] = checks;
  if (first === undefined) return fault.message;
  const more = checks.length > 1 ? ` (and ${checks.length - 1} more)` : '';
  return `${first.title}. ${first.fix?.text ?? `Expected: ${first.expected}`}${more}`;
}

function pick(headers: Record<string, string>, name: string): Record<string, string> {
  const value = headers[name];
  return value === undefined ? {} : { [name]: value };
}

/** RFC 9110 section 12.5.1, as far as it tells browsers from programs: HTML is named, and before JSON. */
function prefersHtml(accept: string | undefined): boolean {
  const ranges = (accept ?? '').toLowerCase().split(',').map(rangeOf);
  const quality = (type: string) => ranges.find((range) => range.type === type)?.quality ?? 0;
  return quality('text/html') > quality('application/json');
}

function rangeOf(text: string): { type: string; quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const weight = parameters.find((each) => each.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}
