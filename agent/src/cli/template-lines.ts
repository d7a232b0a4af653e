import { sayDuration, second } from '@postern/shared/time';
import type { Offer } from '../backend/templates.ts';
import { plain } from './plain.ts';
import { wrap } from './text-width.ts';

/** A scenario for who chooses one: what it is for, and everything that a request under it has to say. */
export function sayTemplate(offer: Offer, columns: number): string[] {
  const { name, title, description, impact, conditions } = offer;
  const lines = [
    description,
    `What it means: ${impact}`,
    ...scope(offer),
    times(offer),
    ...approvers(offer),
    ...demands(offer),
    ...conditions.map((condition) => `It may take more, or less: ${condition}`),
  ];
  const width = Math.max(16, columns - 4);
  const body = lines.flatMap((line) =>
    wrap(plain(line), width).map((part, at) => `${at === 0 ? '  ' : '    '}${part}`),
  );
  return [plain(`${name}: ${title}`), ...body];
}

const lasting = (seconds: number) => sayDuration(seconds * second);

function scope({ checks, rules, resources, tiers, ownership, mustNameResources }: Offer): string[] {
  const only = (label: string, names: readonly string[] | null) =>
    names === null ? [] : [`Only ${label}: ${names.join(', ')}`];
  return [
    ...only('devices that are', ownership),
    ...only('rules about', checks),
    ...only('these rules', rules),
    ...only('these resources', resources),
    ...only('resources of tier', tiers),
    ...(mustNameResources ? ['Say for which resources: --resource'] : []),
  ];
}

function times({ durationsSeconds, maxDurationSeconds, maxTotalSeconds, begins }: Offer): string {
  const total = maxTotalSeconds === null ? '' : `, ${lasting(maxTotalSeconds)} with all extensions`;
  const start = begins === 'first-use' ? '; it begins with the first token' : '';
  return `--for ${durationsSeconds.map(lasting).join(', ')}; ${lasting(maxDurationSeconds)} at most${total}${start}`;
}

function approvers({ stages, emergency }: Offer): string[] {
  if (emergency) return ['Nobody approves it; it is reviewed afterwards. Only in the console, with a passkey.'];
  const asked = stages.map(({ title, approvals }) => `${title} (${people(approvals)})`);
  return [asked.length === 0 ? 'Nobody has to approve it' : `Approved by ${asked.join(', then ')}`];
}

const people = (count: number) => (count === 1 ? '1 person' : `${count} people`);

const factors = {
  none: undefined,
  recent: 'Show who you are: --code',
  'second-factor': 'Show who you are: --code',
  passkey: 'It takes a passkey: ask in the console',
} as const;

function demands({ ticket, reasonCodes, stepUp, emergency }: Offer): string[] {
  const factor = emergency ? undefined : factors[stepUp.request];
  return [
    ...(ticket === 'none'
      ? []
      : [ticket === 'required' ? 'Name a ticket: --ticket' : 'You may name a ticket: --ticket']),
    ...(reasonCodes.length === 0
      ? []
      : [`Say which reason: ${reasonCodes.map(({ code, title }) => `--reason-code ${code} (${title})`).join(', ')}`]),
    ...(factor === undefined ? [] : [factor]),
  ];
}
