import type { Id } from '@postern/shared/ids';
import type { ReplayDetail } from '@postern/shared/protocol/policy-replay';
import { type Instant, toTimestamp, toTimestampOrNull } from '@postern/shared/time';
import type { DeviceFacts } from '../devices/index.ts';
import type { DeviceReplay, ResourceChange } from './replay-device.ts';

const maxChanges = 8;
const maxRules = 10;

/** What is stored of a device for which something changes: enough to tell its person why, and no more. */
export function detailOf({ platform, posture }: DeviceFacts, replay: DeviceReplay): ReplayDetail {
  return {
    platform,
    build: posture?.build ?? null,
    changes: withoutRepeats(replay.changes)
      .slice(0, maxChanges)
      .map((change) => ({
        resource: change.resource,
        change: change.change,
        blockedAt: timeOf(change.blockedAt),
        currentlyBlockedAt: timeOf(change.currentlyBlockedAt),
        uncovered: !change.covered,
        rules: change.rules.slice(0, maxRules).map(({ finding, since, blocksAt, escape }) => ({
          rule: finding.rule.reference,
          title: finding.rule.document.title,
          outcome: finding.outcome,
          expected: finding.rule.document.expected,
          observed: finding.observed,
          reason: finding.reason,
          since: toTimestamp(since),
          blocksAt: toTimestamp(blocksAt),
          exception: escape,
        })),
        warned: change.warned.slice(0, maxRules).map(({ rule }) => rule.document.title),
      })),
    exceptions: replay.exceptions
      .slice(0, maxChanges)
      .map(({ id, effect, sentence }) => ({ id: id as Id<'exception'>, effect, sentence })),
  };
}

/** A resource for which the same follows as for the device as such says nothing new. */
function withoutRepeats(changes: readonly ResourceChange[]): ResourceChange[] {
  const [first] = changes;
  if (first === undefined || first.resource !== null) return [...changes];
  const said = (change: ResourceChange) =>
    JSON.stringify([
      change.change,
      change.blockedAt,
      change.currentlyBlockedAt,
      change.covered,
      change.rules.map(({ finding }) => finding.rule.reference),
      change.warned.map(({ rule }) => rule.reference),
    ]);
  const ofDevice = said(first);
  return [first, ...changes.slice(1).filter((change) => said(change) !== ofDevice)];
}

function timeOf(instant: Instant | null): string | null {
  return toTimestampOrNull(instant);
}
