import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A user's desktop session whose screen lock a test can switch: the agent reads KDE's own settings file,
 * in the place where KDE keeps it, by the collector that reads it on every KDE desktop.
 */
export class Desktop {
  readonly env: Record<string, string>;
  readonly #file: string;

  constructor(folder: string) {
    const config = join(folder, '.config');
    mkdirSync(config, { recursive: true });
    this.#file = join(config, 'kscreenlockerrc');
    this.env = { HOME: folder, XDG_CONFIG_HOME: config, XDG_CURRENT_DESKTOP: 'KDE' };
    this.lockAfter(5);
  }

  /** Minutes without a key press until the screen locks; `never` switches it off. */
  lockAfter(minutes: number | 'never'): void {
    writeFileSync(
      this.#file,
      minutes === 'never' ? '[Daemon]\nAutolock=false\n' : `[Daemon]\nAutolock=true\nTimeout=${minutes}\nLockGrace=5\n`,
    );
  }
}

/** A policy with the one rule that such a desktop can meet or fail, under the default policy's name, so that it replaces it. */
export const screenLockPolicy = `
policy: baseline
title: Screens lock
max_age: 1h
token_life: 5m
rules:
  - id: screen-lock
    title: Screen lock
    check: screen-lock
    require: value.enabled && value.delaySeconds <= 900
    expected: The screen locks by itself within 15 minutes
    severity: high
    time_to_fix: 0s
    on_unknown: block
    fix:
      default: Open the settings of your desktop, choose "Screen locking", and switch on automatic locking.
    exceptions:
      max_duration: 8h
      max_total: 12h
      approvals: 1
`;
