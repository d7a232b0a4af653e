import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const browsers = defineCheck({
  id: 'browsers',
  title: 'Browsers',
  about: 'Which browsers are installed, and in which version: an old one is the shortest way in.',
  fix: {
    default: { text: 'Open the browser, Help, About, let it update itself, and restart it.' },
    linux: {
      text: 'Install updates with the package manager (or snap refresh, flatpak update), and restart the browser.',
    },
  },
  value: z.strictObject({
    browsers: z
      .array(
        z.strictObject({
          /** `chrome`, `chromium`, `firefox`, `edge`, `safari`, `brave`, `opera`, `vivaldi`. */
          name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
          version: humanLine({ max: 64 }),
          /** Where it came from: `dpkg`, `rpm`, `pacman`, `snap`, `flatpak`, `app`, `registry`. */
          source: humanLine({ max: 32 }),
        }),
      )
      .max(32),
  }),
});
