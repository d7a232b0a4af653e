import type { z } from 'zod';
import type {
  templateProposalSchema,
  templateTrialSchema,
  templateVersionSchema,
} from '@postern/shared/protocol/template';

export type TemplateVersion = z.output<typeof templateVersionSchema>;
export type TemplateProposal = z.output<typeof templateProposalSchema>;
export type TemplateTrial = z.output<typeof templateTrialSchema>;
