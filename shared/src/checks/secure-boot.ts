import { z } from 'zod';
import { defineCheck } from './define.ts';

export const secureBoot = defineCheck({
  id: 'secure-boot',
  title: 'Secure boot',
  about: 'Whether the firmware starts only systems that it can verify.',
  fix: {
    default: { text: 'Restart into the firmware settings (often F2 or Del) and turn Secure Boot on.' },
    macos: {
      text: 'Start into macOS Recovery, open Startup Security Utility and choose Full Security.',
      link: 'https://support.apple.com/guide/mac-help/mchl768f7291/mac',
    },
    windows: {
      text: 'Open Settings, System, Recovery, choose Advanced startup, then UEFI Firmware Settings, and turn Secure Boot on.',
      link: 'ms-settings:recovery',
    },
  },
  value: z.strictObject({
    enabled: z.boolean(),
    /** In setup mode anybody may replace the keys, whatever the switch says. Null where that is not known. */
    setupMode: z.boolean().nullable(),
  }),
  isWorse(before, now) {
    return (before.enabled && !now.enabled) || (before.setupMode === false && now.setupMode === true);
  },
});
