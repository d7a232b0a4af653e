import type { ReplayRuleSummary } from '@postern/shared/protocol/policy-replay';
import { isEnforced } from '../policy/index.ts';
import type { CompiledPolicy, CompiledRule, RuleFinding } from '../policy/types.ts';
import type { Escape } from './replay-device.ts';

/** Reasons carry words of devices: so many different ones are counted. */
const maxReasons = 200;
const reasonsShown = 3;

/** Adds up what one rule of the draft finds. */
export class RuleTally {
  readonly #rule: CompiledRule;
  readonly #reportOnly: boolean;
  readonly #counts = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, notCollected: 0, undecided: 0 };
  readonly #reasons = new Map<string, number>();
  readonly #blocked = { atOnce: 0, atDeadline: 0 };
  readonly #escapes = { mayAsk: 0, notInGroup: 0, notAllowed: 0 };

  constructor(rule: CompiledRule, policy: CompiledPolicy) {
    this.#rule = rule;
    this.#reportOnly = rule.document.report_only || !isEnforced(policy);
  }

  add({ outcome, reason, value }: RuleFinding, uncollected: boolean): void {
    if (uncollected) this.#counts.notCollected += 1;
    else if (outcome === 'not-applicable') this.#counts.notApplicable += 1;
    else this.#counts[outcome] += 1;
    if (uncollected || outcome !== 'unknown') return;
    // A path that nobody looked at is the agent's matter and not the expression's.
    if (value !== null && this.#rule.document.targets === undefined) this.#counts.undecided += 1;
    const said = reason ?? '';
    if (this.#reasons.has(said) || this.#reasons.size < maxReasons)
      this.#reasons.set(said, (this.#reasons.get(said) ?? 0) + 1);
  }

  block(atOnce: boolean, escape: Escape): void {
    this.#blocked[atOnce ? 'atOnce' : 'atDeadline'] += 1;
    this.#escapes[escapeNames[escape]] += 1;
  }

  summary(): ReplayRuleSummary {
    const { document, reference, usesNow } = this.#rule;
    const commonest = [...this.#reasons].toSorted(([, left], [, right]) => right - left).slice(0, reasonsShown);
    return {
      rule: reference,
      title: document.title,
      check: document.check,
      severity: document.severity,
      expected: document.expected,
      reportOnly: this.#reportOnly,
      usesClock: usesNow,
      ...this.#counts,
      reasons: commonest.map(([reason, devices]) => ({ reason, devices })),
      newlyBlocked: { ...this.#blocked },
      exceptions: { ...this.#escapes },
    };
  }
}

export const escapeNames = { 'may-ask': 'mayAsk', 'not-in-group': 'notInGroup', 'not-allowed': 'notAllowed' } as const;
