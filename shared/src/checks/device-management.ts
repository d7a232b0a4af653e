import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const deviceManagement = defineCheck({
  id: 'device-management',
  title: 'Management',
  about: 'Whether an organisation manages this machine (MDM) or has it in its directory. Self-reported.',
  value: z.strictObject({
    managed: z.boolean(),
    /** `intune`, `jamf`, `workspace-one`, `landscape`. */
    mdm: humanLine({ max: 64 }).nullable(),
    /** `active-directory`, `entra-id`, `freeipa`, `ldap`. */
    directory: humanLine({ max: 64 }).nullable(),
  }),
});
