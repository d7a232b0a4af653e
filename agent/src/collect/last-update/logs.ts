import { parseWallTime, type WallTime } from './local-time.ts';

/**
 * The end of the last run of apt that upgraded something, from its history.log. A run that only installed
 * packages updated nothing: a machine does not become up to date by a new game.
 */
export function lastUpgradeInHistory(text: string): WallTime | undefined {
  let last: WallTime | undefined;
  for (const run of text.split(/\n\s*\n/)) {
    if (!/^Upgrade: \S/m.test(run)) continue;
    last = parseWallTime(/^End-Date: (.+)$/m.exec(run)?.[1] ?? '') ?? last;
  }
  return last;
}

/** The same from dpkg.log, which also knows upgrades that did not come through apt. */
export function lastUpgradeInDpkgLog(text: string): WallTime | undefined {
  let last: WallTime | undefined;
  for (const [, date] of text.matchAll(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) upgrade \S/gm)) {
    last = parseWallTime(date ?? '') ?? last;
  }
  return last;
}

/** The last upgrade in pacman.log, whose times say their zone. */
export function lastUpgradeInPacmanLog(text: string): number | undefined {
  let last: number | undefined;
  for (const [, stamp] of text.matchAll(/^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4})\] \[ALPM\] upgraded \S/gm)) {
    const instant = Date.parse((stamp ?? '').replace(/(\d\d)$/, ':$1'));
    if (!Number.isNaN(instant)) last = instant;
  }
  return last;
}

/**
 * The last package that an update of zypper or PackageKit put in, from zypp's history. It calls everything an
 * installation; what was asked for stands in the line of the command before it.
 */
export function lastUpgradeInZyppHistory(text: string): WallTime | undefined {
  let last: WallTime | undefined;
  let isUpdate = false;
  for (const line of text.split('\n')) {
    const [date = '', action = '', , what = ''] = line.split('|');
    if (action === 'command') isUpdate = /'(?:up|update|patch|dup|dist-upgrade)'|packagekitd/.test(what);
    if (isUpdate && action === 'install') last = parseWallTime(date) ?? last;
  }
  return last;
}
