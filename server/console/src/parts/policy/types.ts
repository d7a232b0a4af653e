import type { z } from 'zod';
import type { policyVersionSchema } from '@postern/shared/protocol/admin';
import type { policyContentSchema, policyDryRunSchema } from '@postern/shared/protocol/policy';
import type { policyDraftSchema, policyDraftSummarySchema } from '@postern/shared/protocol/policy-draft';

export type PolicyVersion = z.output<typeof policyVersionSchema>;
export type PolicyContent = z.output<typeof policyContentSchema>;
export type PolicyTrial = z.output<typeof policyDryRunSchema>;
export type Draft = z.output<typeof policyDraftSchema>;
export type DraftSummary = z.output<typeof policyDraftSummarySchema>;
