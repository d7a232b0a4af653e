import { z } from 'zod';
import { defineCheck } from './define.ts';

export const clockDrift = defineCheck({
  id: 'clock-drift',
  title: 'Clock',
  about: 'How far the clock is off. A wrong clock breaks certificates, sign-ins and logs.',
  fix: {
    default: { text: 'Let the clock set itself over the network.' },
    linux: { text: 'sudo timedatectl set-ntp true' },
    macos: {
      text: 'Open System Settings, General, Date & Time, and set it automatically.',
      link: 'x-apple.systempreferences:com.apple.Date-Time-Settings.extension',
    },
    windows: {
      text: 'Open Settings, Time & language, Date & time, and set it automatically.',
      link: 'ms-settings:dateandtime',
    },
  },
  /** Device minus backend, rounded to 5 seconds: below that the network decides, not the clock. */
  value: z.strictObject({ offsetSeconds: z.int().multipleOf(5) }),
});
