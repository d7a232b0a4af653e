import { z } from 'zod';
import { humanLine } from '../text.ts';
import { defineCheck } from './define.ts';

export const signIn = defineCheck({
  id: 'sign-in',
  title: 'Password at sign-in',
  about: 'Whether somebody who starts this machine gets in without a password.',
  fix: {
    default: { text: 'Switch automatic sign-in off, and set a password.' },
    linux: {
      text: 'GNOME: Settings, Users, switch Automatic Login off. KDE: System Settings, Login Screen (SDDM), Behaviour. Set a password with passwd.',
    },
    macos: {
      text: 'Open System Settings, Users & Groups, and set "Automatically log in as" to Off.',
      link: 'x-apple.systempreferences:com.apple.Users-Groups-Settings.extension',
    },
    windows: {
      text: 'Run netplwiz and tick "Users must enter a user name and password"; set a password in Settings, Accounts, Sign-in options.',
      link: 'ms-settings:signinoptions',
    },
  },
  value: z.strictObject({
    /** The machine signs somebody in by itself when it starts. Never whom: a name is nobody's business here. */
    automatic: z.boolean(),
    /** Whether the person who runs the agent has a password. Null where that is not told. */
    passwordSet: z.boolean().nullable(),
    /** What would sign in: `gdm`, `sddm`, `lightdm`, `greetd`, `getty`, `loginwindow`, `winlogon`; null where nothing does. */
    mechanism: humanLine({ max: 64 }).nullable(),
  }),
  isWorse(before, now) {
    return (!before.automatic && now.automatic) || (before.passwordSet === true && now.passwordSet === false);
  },
});
