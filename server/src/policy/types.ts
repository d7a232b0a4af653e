import type { Json } from '@postern/shared/canonical';
import type { Platform } from '@postern/shared/checks/define';
import type { ExceptionKind } from '@postern/shared/protocol/exception';
import type { PolicyDocument, PolicyRule } from '@postern/shared/protocol/policy';
import type { ResourceTier } from '@postern/shared/protocol/resource';
import type { RuleOutcome } from '@postern/shared/protocol/verdict';
import type { Instant } from '@postern/shared/time';
import type { ReleaseFacts } from '../releases/index.ts';
import type { Brake } from './brake.ts';
import type { Subject } from './subject.ts';

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
  exceptions: {
    maxDurationMs: number;
    maxTotalMs: number;
    approvals: number;
    /** Only people in one of these may ask; null: everybody. */
    groups: readonly string[] | null;
    /** A template may approve it by a condition of its own. */
    autoApprove: boolean;
  } | null;
  /** Null: warned at the deadline only, or never. Before the deadline, in milliseconds. */
  warnBeforeMs: number | null;
  /** Whether an expression reads the clock, so that its outcome may change without a new reading. */
  usesNow: boolean;
  /** Whether `when` looks at what is asked for. */
  usesResource: boolean;
  /** By `when`; always true without one, and true where it cannot be evaluated. */
  applies(context: Context): boolean;
  /** True: passes. Throws when the expression cannot be evaluated over this value; that is unknown, not a failure. */
  passes(value: Json, context: Context): boolean;
}

/** What access is asked for. A tier of null: nobody gave it one. */
export interface Asked {
  name: string;
  tier: ResourceTier | null;
}

/** What expressions see beside the value of the reading. */
export interface Context {
  subject: Subject;
  /** What access is asked for; null for the device as such, `any` for whatever may be asked for some day. */
  resource: Asked | 'any' | null;
  /** For os-version only. Null where the device does not tell what it runs. */
  readonly release: ReleaseFacts | null;
  now: Instant;
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
  /** The rule or its policy only watches. */
  reportOnly: boolean;
  /** The brake that holds the check's reading back: what is judged is the one before it. */
  held: Brake | null;
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

/** What is remembered of each rule that does not pass. */
export type FailingSince = Readonly<Record<RuleReference, Readonly<NotPassing>>>;

interface NotPassing {
  since: Instant;
  /** Whether it was seen failing since then, and not only unknown. */
  failed: boolean;
  /**
   * Since when it has counted, and its time to fix runs: it does not while a rule is only watched, or an unknown only
   * warned of. Null: not yet. Absent: all the time.
   */
  countedSince?: Instant | null;
}

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
  kind: ExceptionKind;
  /** Of kind `access`: what the person may be at the one resource. */
  role: string | null;
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
  /** Null: not approved, or it waits for its first use. */
  beginsAt: Instant | null;
  /** The end; of one that waits for its first use, until when that may be. */
  expiresAt: Instant | null;
  /** How long it lasts from its beginning. */
  durationMs: number;
  endedAt: Instant | null;
}

/** An exception that waives a rule at this instant. */
export interface Waiver {
  exceptionId: string;
  rule: RuleReference;
  expiresAt: Instant;
}
