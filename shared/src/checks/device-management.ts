import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const deviceManagement = defineCheck({
  id: 'device-management',
  title: 'Management',
  about: 'Whether an organisation manages this machine (MDM) or has it in its directory. Self-reported.',
  fix: {
    default: { text: 'Enroll this device in the management of your organisation. Ask an admin how.' },
    macos: {
      text: 'Open System Settings, General, Device Management, and enroll.',
      link: 'x-apple.systempreferences:com.apple.preferences.configurationprofiles',
    },
    windows: {
      text: 'Open Settings, Accounts, Access work or school, and connect your work account.',
      link: 'ms-settings:workplace',
    },
  },
  value: z.strictObject({
    managed: z.boolean(),
    /** `intune`, `jamf`, `workspace-one`, `landscape`. */
    mdm: humanLine({ max: 64 }).nullable(),
    /** `active-directory`, `entra-id`, `freeipa`, `ldap`. */
    directory: humanLine({ max: 64 }).nullable(),
  }),
});
