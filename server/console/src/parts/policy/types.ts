import type { z } from 'zod';
import type { policyVersionSchema } from '@postern/shared/protocol/admin';
import type { policyContentSchema, policyDryRunSchema } from '@postern/shared/protocol/policy';
import type { policyDraftSchema, policyDraftSummarySchema } from '@postern/shared/protocol/policy-draft';
import type { policyReplaySchema } from '@postern/shared/protocol/policy-replay';

export type PolicyVersion = z.output<typeof policyVersionSchema>;
export type PolicyContent = z.output<typeof policyContentSchema>;
export type PolicyTrial = z.output<typeof policyDryRunSchema>;
export type Draft = z.output<typeof policyDraftSchema>;
export type DraftSummary = z.output<typeof policyDraftSummarySchema>;
export type Replay = z.output<typeof policyReplaySchema>;

/** Beginnings of paths that read differently after a draft was touched. */
export const policyPaths = ['/v1/admin/policies', '/v1/admin/policy-drafts', '/v1/admin/overview'];
export const replayPaths = ['/v1/admin/policy-replays'];
