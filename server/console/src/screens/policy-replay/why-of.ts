import type { ReplayedDevice } from '@postern/shared/protocol/policy-replay';
import { t } from '../../strings/index.ts';

/** Why a device is on the list: each rule once, with what was found on the device. */
export function whyOf({ changes, exceptions }: ReplayedDevice['detail']): { title: string; more: string }[] {
  const lines = new Map<string, string>();
  const add = (title: string, more: string) => {
    if (!lines.has(title)) lines.set(title, more);
  };
  for (const { uncovered, rules, warned } of changes) {
    if (uncovered) add(t.policyReplay.noPolicyCovers, '');
    for (const { title, observed, reason } of rules) add(title, observed ?? reason ?? '');
    for (const title of warned) add(title, '');
  }
  for (const { sentence } of exceptions) add(sentence, '');
  return [...lines].map(([title, more]) => ({ title, more }));
}
