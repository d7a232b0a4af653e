import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const diskFree = defineCheck({
  id: 'disk-free',
  title: 'Free disk space',
  about: 'Whether there is room for updates.',
  fix: {
    default: { text: 'Make room: empty the bin, remove what is not needed.' },
    macos: {
      text: 'Open System Settings, General, Storage, and follow the recommendations.',
      link: 'x-apple.systempreferences:com.apple.settings.Storage',
    },
    windows: {
      text: 'Open Settings, System, Storage, and follow the recommendations.',
      link: 'ms-settings:storagesense',
    },
  },
  value: z.strictObject({
    mount: humanLine({ max: 256 }),
    sizeGiB: z.int().min(0),
    /** Whole percent, rounded down. */
    freePercent: z.int().min(0).max(100),
  }),
});
