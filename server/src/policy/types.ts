import type { Json } from '@postern/shared/canonical';
import type { Platform } from '@postern/shared/checks/define';
import type { PolicyDocument, PolicyRule } from '@postern/shared/protocol/policy';
import type { RuleOutcome } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';

/** `policy/rule`. */
export type RuleReference = string;

export interface CompiledRule {
  reference: RuleReference;
  /** SHA-256 of what the rule demands and allows. An exception is bound to it: a changed rule voids it, a mere new version does not. */
  hash: string;
  document: PolicyRule;
  /** Null: it never blocks. */
  timeToFixMs: number | null;
  /** Null: nobody may depart from it. */
  exceptions: { maxDurationMs: number; maxTotalMs: number; approvals: number } | null;
  /** Whether the expression reads the clock, so that its outcome may change without a new reading. */
  usesNow: boolean;
  /** True: passes. Throws when the expression cannot be evaluated over this value; that is unknown, not a failure. */
  passes(value: Json, platform: Platform, now: Instant): boolean;
}

export interface CompiledPolicy {
  name: string;
  version: number;
  document: PolicyDocument;
  maxAgeMs: number;
  tokenLifeMs: number;
  rules: readonly CompiledRule[];
}

/** What one rule gave for one device, before deadlines and exceptions. */
export interface RuleFinding {
  policy: CompiledPolicy;
  rule: CompiledRule;
  /** The system that it was evaluated for: a fix differs by system. */
  platform: Platform;
  outcome: RuleOutcome;
  /** The reading's value in short, for people; null when there is none. */
  observed: string | null;
  /** The value itself, as an exception remembers it. */
  value: Json | null;
  /** Why it is unknown or does not apply. */
  reason: string | null;
  /**
   * How the missing answer is taken: as `on_unknown` or `on_unsupported` says, and as `block` where the rule was last
   * seen failing. Null where there is an answer, or the rule is for other systems.
   */
  unanswered: PolicyRule['on_unknown' | 'on_unsupported'] | null;
}

/** Since when each rule has not passed, and whether it was seen failing since then (and not only unknown). */
export type FailingSince = Readonly<Record<RuleReference, Readonly<{ since: Instant; failed: boolean }>>>;

/** What an exception remembers of a rule at its approval. */
export interface ObservedRule {
  ruleHash: string;
  policyVersion: number;
  outcome: RuleOutcome;
  value: Json | null;
}

/** All that decides whether an exception waives something. */
export interface ExceptionFacts {
  id: string;
  personId: string;
  deviceId: string;
  jkt: string;
  rules: readonly RuleReference[];
  /** Empty: all resources. */
  resources: readonly string[];
  observed: Readonly<Record<RuleReference, ObservedRule>>;
  /** `active` and not ended, otherwise it waives nothing. */
  state: string;
  approvedAt: Instant | null;
  expiresAt: Instant | null;
  endedAt: Instant | null;
}

/** An exception that waives a rule at this instant. */
export interface Waiver {
  exceptionId: string;
  rule: RuleReference;
  expiresAt: Instant;
}
