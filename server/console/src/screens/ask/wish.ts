import type { AccessOffer } from '@postern/shared/protocol/access';
import type { OfferedTemplate } from '@postern/shared/protocol/template';
import { secondsOf, usualLengths } from '../../parts/mine/lengths.ts';
import { durationText } from '../../parts/say-time.ts';

/** What can be asked for. */
export type Kind = 'rules' | 'access' | 'emergency';

/** What somebody has entered so far. */
export interface Wish {
  device: string;
  /** Of an exception from rules. */
  rules: readonly string[];
  resources: string;
  /** Of access. */
  resource: string;
  role: string;
  /** Empty: none, as the policy says. */
  template: string;
  duration: string;
  reasonCode: string;
  ticket: string;
  justification: string;
  /** As a field for date and time has it; empty: with the approval. */
  startsAt: string;
}

/** Nothing entered yet. */
export const emptyWish: Wish = {
  device: '',
  rules: [],
  resources: '',
  resource: '',
  role: '',
  template: '',
  duration: '',
  reasonCode: '',
  ticket: '',
  justification: '',
  startsAt: '',
};

/** A way to ask, the same for rules and for access. */
export interface Way {
  name: string;
  title: string;
  description: string;
  impact: string;
  /** Seconds. */
  lengths: readonly number[];
  reasonCodes: readonly { code: string; title: string }[];
  ticket: 'required' | 'optional' | 'none';
  mustNameResources: boolean;
  /** Only these rules; null: any. */
  rules: readonly string[] | null;
}

/** The way that a template for rules offers. */
export function wayOfTemplate(template: OfferedTemplate): Way {
  const { name, title, description, impact, reasonCodes, ticket, mustNameResources, rules } = template;
  const lengths = template.durationsSeconds;
  return { name, title, description, impact, lengths, reasonCodes, ticket, mustNameResources, rules };
}

/** The way that a template for access offers. */
export function wayOfOffer(template: AccessOffer['templates'][number]): Way {
  const { name, title, description, impact, reasonCodes, ticket } = template;
  const lengths = template.durations.map(secondsOf);
  return { name, title, description, impact, lengths, reasonCodes, ticket, mustNameResources: false, rules: null };
}

/** For what no template fits: the rule's policy says how long and who approves. */
export const policyWay: Way = {
  name: '',
  title: '',
  description: '',
  impact: '',
  lengths: usualLengths,
  reasonCodes: [],
  ticket: 'optional',
  mustNameResources: false,
  rules: null,
};

/** What was chosen stays where it is still offered; otherwise it is the first that is. */
export function chosen<Option>(options: readonly Option[], isChosen: (option: Option) => boolean): Option | undefined {
  return options.find(isChosen) ?? options[0];
}

/** The parts of a request that a way asks for. */
function commonOf(wish: Wish, way: Way) {
  const length = chosen(way.lengths, (seconds) => durationText(seconds) === wish.duration);
  const reason = chosen(way.reasonCodes, ({ code }) => code === wish.reasonCode);
  const ticket = way.ticket === 'none' ? '' : wish.ticket.trim();
  const startsAt = wish.startsAt === '' ? Number.NaN : Date.parse(wish.startsAt);
  return {
    duration: durationText(length ?? 3600),
    ...(way.name === '' ? {} : { template: way.name }),
    ...(reason === undefined ? {} : { reasonCode: reason.code }),
    ...(ticket === '' ? {} : { ticket }),
    ...(Number.isNaN(startsAt) ? {} : { startsAt: new Date(startsAt).toISOString() }),
  };
}

/** What is sent for an exception from rules. */
export function rulesRequest(wish: Wish, way: Way) {
  const resources = wish.resources.split(/[\s,]+/).filter((name) => name !== '');
  return { rules: [...wish.rules], resources, ...commonOf(wish, way) };
}

/** What is sent for access. */
export function accessRequest(wish: Wish, way: Way) {
  return { resource: wish.resource, role: wish.role, ...commonOf(wish, way) };
}

/** What is sent, but for why it is needed. */
export type Request = ReturnType<typeof rulesRequest> | ReturnType<typeof accessRequest>;

/** Whether enough is known to say what it would mean; why it is needed may still be missing. */
export function isWhole(request: Request, way: Way): boolean {
  if (way.ticket === 'required' && request.ticket === undefined) return false;
  if (!('rules' in request)) return request.resource !== '' && request.role !== '';
  return request.rules.length > 0 && (!way.mustNameResources || request.resources.length > 0);
}
