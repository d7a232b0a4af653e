import type { Platform } from '@postern/shared/checks/define';
import type { Readings } from '@postern/shared/protocol/reading';
import type { Instant } from '@postern/shared/time';
import { noReleases } from '../../releases/index.ts';
import * as product from '../evaluate.ts';
import type { Brake } from '../brake.ts';
import type { Rulebook } from '../rulebook.ts';
import type { Subject } from '../subject.ts';
import type { CompiledPolicy, Context, FailingSince, RuleFinding } from '../types.ts';

export function aSubject(rest: Partial<Subject> = {}): Subject {
  const person = { id: 'anna', email: 'anna@example.com', groups: [] };
  return { platform: 'linux', ownership: 'corporate', keyProtection: 'software', person, ...rest };
}

export function aContext(rest: Partial<Context> = {}): Context {
  return { subject: aSubject(), resource: null, release: null, now: Date.parse('2026-11-18T12:00:00.000Z'), ...rest };
}

export function aRulebook(rest: Partial<Rulebook> = {}): Rulebook {
  return { epoch: '1', policies: [], tiers: new Map(), access: new Map(), releases: noReleases, brakes: [], ...rest };
}

interface Given {
  policies: readonly CompiledPolicy[];
  readings: Readings;
  platform?: Platform;
  failingSince: FailingSince;
  now: Instant;
  subject?: Partial<Subject>;
  tiers?: Rulebook['tiers'];
  releases?: Rulebook['releases'];
  held?: ReadonlyMap<string, Brake>;
}

/** Of Anna's computer, with nothing else in the rulebook and nothing held unless told otherwise. */
function evidence({ policies, platform = 'linux', subject, tiers, releases, held, ...rest }: Given) {
  return {
    rulebook: aRulebook({ policies, ...(tiers && { tiers }), ...(releases && { releases }) }),
    subject: aSubject({ platform, ...subject }),
    held: held ?? new Map(),
    ...rest,
  };
}

export function evaluate({ resource, ...given }: Given & { resource: string | null }): RuleFinding[] {
  return product.evaluate({ ...evidence(given), resource });
}

export function evaluateAll(given: Given): RuleFinding[] {
  return product.evaluateAll(evidence(given));
}
