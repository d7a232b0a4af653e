import type { z } from 'zod';
import type {
  templateProposalSchema,
  templateTrialSchema,
  templateVersionSchema,
} from '@postern/shared/protocol/template';

export type TemplateVersion = z.output<typeof templateVersionSchema>;
export type TemplateProposal = z.output<typeof templateProposalSchema>;
export type TemplateTrial = z.output<typeof templateTrialSchema>;

/** Beginnings of paths that read differently after a template or a proposal was touched. */
export const templatePaths = ['/v1/admin/templates', '/v1/admin/overview'];
