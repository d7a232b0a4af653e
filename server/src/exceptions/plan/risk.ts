import type { KeyProtection, Ownership } from '@postern/shared/protocol/enrollment';
import type { ResourceTier } from '@postern/shared/protocol/resource';
import type { Risk } from '@postern/shared/protocol/template';
import type { Severity } from '@postern/shared/protocol/verdict';
import { day, hour, type Instant, minute, sayDuration, second } from '@postern/shared/time';
import type { RiskValues } from './conditions.ts';

type Input = Risk['inputs'][number];

/** What is looked at. Null: not known. */
export interface RiskFacts {
  /** The highest of the rules that are to be waived; null where none is. */
  severity: Severity | null;
  /** The highest of the resources that it is for. */
  tier: ResourceTier | null;
  /** Rules that the device fails now, whatever resource they are for. */
  failing: number | null;
  durationMs: number;
  /** How long is usual. */
  normMs: number | null;
  /** When the evidence was received. */
  evidenceAt: Instant | null;
  keyProtection: KeyProtection;
  ownership: Ownership;
  enrolledAt: Instant;
  /** Requests of this person for one of the rules, or for the resource, in the last 30 days, this one not counted. */
  requests30d: number;
  /** Extensions before this one. */
  renewals: number;
  incident: boolean;
}

const severityPoints: Readonly<Record<Severity, number>> = { info: 0, low: 3, medium: 8, high: 14, critical: 22 };
const tierPoints: Readonly<Record<ResourceTier, number>> = { low: 0, medium: 5, high: 11, critical: 18 };
const keyPoints: Readonly<Record<KeyProtection, number>> = {
  'hardware-attested': 0,
  'hardware-unattested': 2,
  'os-protected': 4,
  software: 7,
};

/** A resource without a tier counts as this one. */
const tierOfUnknown: ResourceTier = 'high';
const youngMs = 7 * day;
const often = 3;

/**
 * How risky it is to grant a request, 0 to 100: the sum of what each input adds. The formula is open, and docs/exceptions.md
 * says it in words. An input that is not known adds as much as its worst value, a missing tier as much as `high`.
 */
export function riskOf(facts: RiskFacts, now: Instant): Risk {
  const inputs = [
    severityInput(facts),
    tierInput(facts),
    failingInput(facts),
    durationInput(facts),
    evidenceInput(facts, now),
    keyInput(facts),
    deviceAgeInput(facts, now),
    requestsInput(facts),
    renewalsInput(facts),
    incidentInput(facts),
    ownershipInput(facts),
  ];
  return { score: inputs.reduce((sum, { points }) => sum + points, 0), inputs };
}

/** The same facts and their score as conditions of templates see them. */
export function riskValues(facts: RiskFacts, score: number, now: Instant): RiskValues {
  const ageMs = ageOf(facts.evidenceAt, now);
  const ratio = ratioOf(facts);
  return {
    score,
    severity: facts.severity ?? 'info',
    tier: facts.tier ?? tierOfUnknown,
    ...(facts.failing === null ? {} : { failing: facts.failing }),
    ...(ratio === null ? {} : { durationRatio: ratio }),
    ...(ageMs === null ? {} : { evidenceAgeSeconds: ageMs / second }),
    keyProtection: facts.keyProtection,
    deviceAgeDays: (now - facts.enrolledAt) / day,
    requests30d: facts.requests30d,
    renewals: facts.renewals,
    incident: facts.incident,
  };
}

function severityInput({ severity }: RiskFacts): Input {
  if (severity === null) return input('severity', 'none', 0, 'No rule is waived.');
  return input('severity', severity, severityPoints[severity], `The most severe rule is ${severity}.`);
}

function tierInput({ tier }: RiskFacts): Input {
  if (tier === null)
    return input('tier', 'unknown', tierPoints[tierOfUnknown], 'Nobody gave every resource a tier: it counts as high.');
  return input('tier', tier, tierPoints[tier], `The most sensitive resource that it opens is ${tier}.`);
}

function failingInput({ failing }: RiskFacts): Input {
  if (failing === null) return input('failing', 'unknown', 9, 'The device has not reported: all may fail.');
  const points = Math.min(9, 3 * Math.max(0, failing - 1));
  return input(
    'failing',
    String(failing),
    points,
    `The device fails ${failing === 1 ? 'one rule' : `${failing} rules`} now.`,
  );
}

function durationInput(facts: RiskFacts): Input {
  const { durationMs, normMs } = facts;
  const ratio = ratioOf(facts);
  const value = sayDuration(durationMs);
  if (ratio === null || normMs === null) return input('duration', value, 10, 'Nothing says how long is usual.');
  const points = ratio <= 1 ? 0 : ratio <= 2 ? 3 : ratio <= 4 ? 6 : 10;
  return input(
    'duration',
    value,
    points,
    `Usual are ${sayDuration(normMs)}: this is ${ratio.toFixed(1)} times as long.`,
  );
}

function evidenceInput({ evidenceAt }: RiskFacts, now: Instant): Input {
  const ageMs = ageOf(evidenceAt, now);
  if (ageMs === null) return input('evidence', 'unknown', 8, 'Nothing fresh is known of the device.');
  const points = ageMs <= 10 * minute ? 0 : ageMs <= hour ? 2 : ageMs <= day ? 5 : 8;
  const age = ageMs < second ? 'just now' : `${sayDuration(ageMs)} ago`;
  return input('evidence', age, points, `The device reported ${age}.`);
}

function keyInput({ keyProtection }: RiskFacts): Input {
  return input('key', keyProtection, keyPoints[keyProtection], `The device key is protected as ${keyProtection}.`);
}

function deviceAgeInput({ enrolledAt }: RiskFacts, now: Instant): Input {
  const ageMs = now - enrolledAt;
  const value = sayDuration(ageMs);
  if (ageMs < youngMs) return input('deviceAge', value, 5, 'The device has been known for less than 7 days.');
  return input('deviceAge', value, 0, `The device has been known for ${value}.`);
}

function requestsInput({ requests30d: count }: RiskFacts): Input {
  const said = count === 0 ? 'nothing like it' : count === 1 ? 'the like once' : `the like ${count} times`;
  return input(
    'requests',
    String(count),
    count >= often ? 7 : 0,
    `In the 30 days before, the person asked for ${said}.`,
  );
}

function renewalsInput({ renewals }: RiskFacts): Input {
  const sentence =
    renewals === 0 ? 'It extends nothing.' : `It extends what was extended or granted ${renewals} times.`;
  return input('renewals', String(renewals), Math.min(5, 2 * renewals), sentence);
}

function incidentInput({ incident }: RiskFacts): Input {
  if (incident) return input('incident', 'open', 4, 'An incident is open: somebody may be in already.');
  return input('incident', 'none', 0, 'No incident is open.');
}

function ownershipInput({ ownership }: RiskFacts): Input {
  if (ownership === 'corporate') return input('ownership', ownership, 0, 'The device belongs to the company.');
  if (ownership === 'personal') return input('ownership', ownership, 5, 'The device belongs to a person.');
  return input('ownership', ownership, 5, 'Nobody has said whose device it is: it counts as personal.');
}

function input(name: string, value: string, points: number, sentence: string): Input {
  return { name, value, points, sentence };
}

function ratioOf({ durationMs, normMs }: RiskFacts): number | null {
  return normMs === null || normMs <= 0 ? null : durationMs / normMs;
}

/** Evidence from a time to come says that a clock is wrong, and so nothing of its age. */
function ageOf(at: Instant | null, now: Instant): number | null {
  return at === null || at > now ? null : now - at;
}
