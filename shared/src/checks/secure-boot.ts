import { z } from 'zod';
import { defineCheck } from './define.ts';

/** From strict to lax. */
const levels = ['full', 'medium', 'reduced', 'permissive', 'none'] as const;

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
    /** macOS: `full` starts only the newest of Apple's systems, `medium` and `reduced` any that Apple signed, the rest anything. */
    level: z.enum(levels).optional(),
  }),
  isWorse(before, now) {
    if (before.enabled && !now.enabled) return true;
    if (
      before.level !== undefined &&
      now.level !== undefined &&
      levels.indexOf(now.level) > levels.indexOf(before.level)
    )
      return true;
    return before.setupMode === false && now.setupMode === true;
  },
});
