import { z } from 'zod';
import { canonicalJson } from '../canonical.ts';
import { idSchema } from '../ids.ts';
import { durationSchema, timestampSchema } from '../time.ts';
import { exceptionSetApprovalSchema, exceptionSetBodySchema } from './exception-set.ts';
import {
  accessRequestSchema,
  exceptionEditSchema,
  exceptionExtensionSchema,
  exceptionRequestSchema,
  ruleReferenceSchema,
} from './exception.ts';

/**
 * What a proof is for. Whoever checks a proof and whoever gives a challenge for it write the same thing down as the same
 * text, and the server hashes that (`step-up/subjects.ts`): a proof for one thing is of no use for another.
 */

/** Things that people do with the server itself, with a fresh proof of who they are. */
export const manageActions = [
  'add-passkey',
  'remove-passkey',
  'add-authenticator-app',
  'remove-authenticator-app',
  'reset-second-factors',
  'set-password',
  'remove-password',
  'publish-policy',
  'approve-policy-draft',
  'roll-back-policy',
  'retire-policy',
  'approve-template',
  'change-resource',
] as const;

const withoutProof = { stepUp: true } as const;

const requestSubjectSchema = z.union([
  z.strictObject({ device: idSchema('device'), request: exceptionRequestSchema.omit(withoutProof) }),
  z.strictObject({ device: idSchema('device'), access: accessRequestSchema.omit(withoutProof) }),
  z.strictObject({ exception: idSchema('exception'), edit: exceptionEditSchema.omit(withoutProof) }),
  z.strictObject({ exception: idSchema('exception'), extension: exceptionExtensionSchema.omit(withoutProof) }),
  z.strictObject({ set: exceptionSetBodySchema.omit(withoutProof) }),
]);

const decisionSubjectSchema = z.strictObject({
  exception: idSchema('exception'),
  requestHash: z.string().min(1).max(64),
  duration: durationSchema.optional(),
  rules: z.array(ruleReferenceSchema).min(1).max(20).optional(),
  resources: z.array(z.string().min(1).max(256)).min(1).max(20).optional(),
});

/** Several requests that were asked for together, each as the approver saw it. */
const setDecisionSubjectSchema = exceptionSetApprovalSchema
  .pick({ requests: true, duration: true })
  .extend({ set: idSchema('exceptionSet') });

const manageSubjectSchema = z.strictObject({
  action: z.enum(manageActions),
  /** What it is done to: an id, a name. Absent: to oneself. */
  target: z.string().min(1).max(1400).optional(),
  /** SHA-256, base64url, of the document that is put into force. */
  content: z.string().min(1).max(64).optional(),
});

/** Asks for a challenge (`POST /v1/me/step-ups`): the purpose, and exactly what is asked, decided or done. */
export const newStepUpSchema = z
  .discriminatedUnion('purpose', [
    z.strictObject({ purpose: z.literal('request'), about: requestSubjectSchema }),
    z.strictObject({ purpose: z.literal('decide'), about: z.union([decisionSubjectSchema, setDecisionSubjectSchema]) }),
    z.strictObject({ purpose: z.literal('manage'), about: manageSubjectSchema }),
  ])
  .meta({ id: 'NewStepUp' });
export type NewStepUp = z.output<typeof newStepUpSchema>;

/** A challenge: what a browser is to be handed (`navigator.credentials.get`), and by when its answer is due. */
export const stepUpSchema = z
  .strictObject({
    id: idSchema('stepUp'),
    /** PublicKeyCredentialRequestOptionsJSON of WebAuthn. */
    options: z.looseObject({ challenge: z.string() }),
    expiresAt: timestampSchema,
  })
  .meta({ id: 'StepUp' });
export type StepUp = z.infer<typeof stepUpSchema>;

/** A request as it came in, read by its schema; its own proof is left out of what is hashed. */
export type RequestAbout =
  | { device: string; request: object }
  | { device: string; access: object }
  | { exception: string; edit: object }
  | { exception: string; extension: object }
  | { set: object };

/** What an approver agrees to: the request as it is now, and what they narrowed. */
export interface DecisionAbout {
  exception: string;
  requestHash: string;
  /** Milliseconds; absent: as it was asked for. */
  durationMs?: number | undefined;
  rules?: readonly string[] | undefined;
  resources?: readonly string[] | undefined;
}

/** The same of requests that were asked for together: all of them, as they are now, for no longer than this. */
export interface SetDecisionAbout {
  set: string;
  requests: readonly { exception: string; requestHash: string }[];
  durationMs?: number | undefined;
}

export type ManageAbout = z.output<typeof manageSubjectSchema>;

/** The text of a request, an edit or an extension. The order and the repetition of rules and resources mean nothing. */
export function requestSubjectText(about: RequestAbout): string {
  const of = Object.fromEntries(
    Object.entries(about).map(([name, value]) => [name, typeof value === 'string' ? value : bare(value)]),
  );
  return canonicalJson({ purpose: 'request', ...of });
}

/** The text of an approval. To deny needs no proof, so there is none of a denial. */
export function decisionSubjectText(about: DecisionAbout | SetDecisionAbout): string {
  if ('set' in about) return setDecisionText(about);
  const { exception, requestHash, durationMs, rules, resources } = about;
  return canonicalJson({
    purpose: 'decide',
    verdict: 'approve',
    exception,
    requestHash,
    durationMs: durationMs ?? null,
    rules: rules === undefined ? null : asSet(rules),
    resources: resources === undefined ? null : asSet(resources),
  });
}

function setDecisionText({ set, requests, durationMs }: SetDecisionAbout): string {
  const pairs = Object.fromEntries(requests.map(({ exception, requestHash }) => [exception, requestHash]));
  return canonicalJson({ purpose: 'decide', verdict: 'approve', set, requests: pairs, durationMs: durationMs ?? null });
}

/** The text of something that is done with the server itself. */
export function manageSubjectText({ action, target, content }: ManageAbout): string {
  return canonicalJson({ purpose: 'manage', action, target: target ?? null, content: content ?? null });
}

function bare(request: object): Record<string, unknown> {
  const members = Object.entries(request).filter(([name, value]) => name !== 'stepUp' && value !== undefined);
  return Object.fromEntries(
    members.map(([name, value]) => [
      name,
      (name === 'rules' || name === 'resources') && Array.isArray(value) ? asSet(value as string[]) : value,
    ]),
  );
}

function asSet(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
