import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const systemIntegrity = defineCheck({
  id: 'system-integrity',
  title: 'System integrity',
  about: 'Whether the system still protects its own core against changes.',
  fix: {
    default: { text: 'Restore the protection that is switched off above.' },
    linux: {
      text: 'Remove the kernel module that is not signed, and restart. Kernel lockdown follows Secure Boot on most distributions.',
    },
    macos: {
      text: 'Start into macOS Recovery, open Terminal, run csrutil enable and restart. Gatekeeper: sudo spctl --global-enable.',
      link: 'https://support.apple.com/guide/security/secb7ea06b49/web',
    },
    windows: { text: 'In a terminal as administrator: bcdedit /set testsigning off. Restart.' },
  },
  value: z.strictObject({
    protections: z
      .array(
        z.strictObject({
          /** `sip`, `gatekeeper`, `boot-arguments`; `test-signing`, `code-integrity`, `memory-integrity`; `lockdown`, `module-signatures`, `taint`. */
          name: z.string().regex(/^[a-z][a-z-]{0,31}$/),
          /** Null where it could not be told. */
          intact: z.boolean().nullable(),
          /** What it says itself, e.g. the mode of the lockdown. */
          detail: humanLine({ max: 128 }).nullable(),
        }),
      )
      .max(16),
  }),
  isWorse(before, now) {
    const intactBefore = new Set(before.protections.filter(({ intact }) => intact === true).map(({ name }) => name));
    return now.protections.some(({ name, intact }) => intact === false && intactBefore.has(name));
  },
});
