import type { ReplayDetail, ReplayRuleSummary, ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { toTimestamp } from '@postern/shared/time';
import type { ChangedDevice } from '../replay/index.ts';

/** A replay for people: the sentence that decides first, then what to look at, then who. */
export function replayReport(summary: ReplaySummary, first: readonly ChangedDevice[], file: string): string {
  const { devices, newlyBlocked, changes, exceptions } = summary;
  const blocked = newlyBlocked.atOnce + newlyBlocked.atDeadline;
  const against =
    summary.comparedWith === 0 ? 'as a new policy' : `against version ${summary.comparedWith} of ${summary.policy}`;
  const lines = [
    `${file} ${against}, by what ${count(devices.judged, 'device')} reported last (as of ${summary.at})`,
    '',
    devices.judged === 0
      ? 'There was no device to judge, so that this says nothing about whom it would block. Is this the right database?'
      : blocked === 0
        ? 'Nobody would newly be blocked.'
        : `${count(blocked, 'device')} of ${count(newlyBlocked.people, 'person', 'people')} would newly be blocked: ${newlyBlocked.atOnce} at once, ${newlyBlocked.atDeadline} at a deadline.`,
    ...newlyBlocked.days.slice(0, 10).map(({ day, devices: each }) => `  ${day}  ${each}`),
    ...(newlyBlocked.days.length > 10 ? [`  and later: ${newlyBlocked.days.length - 10} more days`] : []),
    ...listed([
      [changes['blocked-sooner'], 'would be blocked sooner than now'],
      [changes['newly-stale'], 'would have to report anew: their last report is too old for the draft'],
      [changes['newly-warned'], 'would newly be warned'],
      [changes['freed'], 'would be freed'],
      [changes['relieved'], 'would have longer, or no deadline any more'],
      [devices.notConcerned, 'are not concerned by the draft'],
      [devices.stale, 'have a last report that is too old as things stand'],
      [devices.neverAttested, 'have never reported, and were not judged'],
      [devices.quarantined, 'are in quarantine, and were not judged'],
      [devices.ownerInactive, 'belong to people without access, and were not judged'],
      [summary.newlyUncovered, 'would be covered by no policy'],
    ]),
    ...listedExceptions(exceptions),
  ];
  if (summary.doubts.length > 0) {
    lines.push('', 'Look at these first:');
    for (const { rule, sentence, devices: each, of } of summary.doubts)
      lines.push(`  ${rule ?? summary.policy}: ${each} of ${of}. ${sentence}`);
  }
  const telling = summary.rules.filter(
    ({ newlyBlocked: by, fail, unknown }) => by.atOnce + by.atDeadline + fail + unknown > 0,
  );
  if (telling.length > 0) {
    lines.push('', 'By rule:');
    lines.push(...telling.map(ruleLine));
  }
  const hit = summary.builds.filter(({ newlyBlocked: each }) => each > 0).slice(0, 10);
  if (hit.length > 0) {
    lines.push('', 'Newly blocked by system:');
    lines.push(
      ...hit.map(
        (each) =>
          `  ${each.platform} ${printable(each.build ?? 'unknown build')}: ${each.newlyBlocked} of ${each.judged}`,
      ),
    );
  }
  if (summary.groups.length > 0) {
    lines.push('', 'People by group:');
    lines.push(...summary.groups.slice(0, 10).map(({ group, people }) => `  ${printable(group)}: ${people}`));
  }
  if (first.length > 0) lines.push('', `The first ${first.length}:`, ...first.map(deviceLine));
  return lines.join('\n');
}

function listed(counts: readonly (readonly [number | undefined, string])[]): string[] {
  return counts.flatMap(([number, words]) => (number === undefined || number === 0 ? [] : [`  ${number} ${words}`]));
}

function listedExceptions({ void: ended, moot, needed }: ReplaySummary['exceptions']): string[] {
  const asking = needed.mayAsk + needed.notInGroup + needed.notAllowed;
  return [
    ...(ended > 0 ? [`  ${count(ended, 'live exception')} would end: the rule changes or goes`] : []),
    ...(moot > 0 ? [`  ${count(moot, 'live exception')} would not be needed any more`] : []),
    ...(asking > 0
      ? [
          `  Of those newly blocked, ${needed.mayAsk} may ask for an exception; ${needed.notInGroup} are in no group that may; for ${needed.notAllowed} there is none`,
        ]
      : []),
  ];
}

function ruleLine(rule: ReplayRuleSummary): string {
  const { newlyBlocked: by, notCollected, reasons } = rule;
  const uncollected = notCollected > 0 ? `, ${notCollected} not collected yet` : '';
  const blocks = by.atOnce + by.atDeadline === 0 ? '' : `; newly blocks ${by.atOnce} at once, ${by.atDeadline} later`;
  const why = reasons[0] === undefined ? '' : `\n    most often unknown because: ${printable(reasons[0].reason)}`;
  return `  ${rule.rule}${rule.reportOnly ? ' (watched only)' : ''}: ${rule.fail} fail, ${rule.unknown} unknown, ${rule.pass} pass${uncollected}${blocks}${why}`;
}

function deviceLine({ id, name, person, change, blockedAt, ...rest }: ChangedDevice): string {
  const detail = JSON.parse(rest.detail) as ReplayDetail;
  const when = blockedAt === null ? '' : `, blocked ${toTimestamp(blockedAt)}`;
  const rule = detail.changes.find((each) => each.change === change)?.rules[0];
  const why =
    rule === undefined
      ? ''
      : `: ${rule.rule} (expected ${rule.expected} observed ${printable(rule.observed ?? 'nothing')})`;
  return `  ${id}  ${change}${when}  ${printable(name)} of ${printable(person)}${why}`;
}

export const csvHeader =
  'device,name,person,platform,build,change,blocked_at,currently_blocked_at,resource,rules,expected,observed,exception,exceptions_ended\r\n';

/** One line for each device: the resource with the most severe change. */
export function csvLine({ id, name, person, change, blockedAt, ...rest }: ChangedDevice): string {
  const detail = JSON.parse(rest.detail) as ReplayDetail;
  const one = detail.changes.find((each) => each.change === change);
  const rule = one?.rules[0];
  const cells = [
    id,
    name,
    person,
    detail.platform,
    detail.build ?? '',
    change,
    blockedAt === null ? '' : toTimestamp(blockedAt),
    one?.currentlyBlockedAt ?? '',
    one?.resource ?? '',
    (one?.rules ?? []).map((each) => each.rule).join(' '),
    rule?.expected ?? '',
    rule?.observed ?? rule?.reason ?? '',
    rule?.exception ?? '',
    detail.exceptions.map((exception) => `${exception.id} ${exception.effect}`).join('; '),
  ];
  return `${cells.map(cell).join(',')}\r\n`;
}

/** Names come from devices and people: a spreadsheet must not take one for a formula. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** What a terminal would obey is not printed. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '');
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
