import type { ReplayDoubt, ReplayRuleSummary } from '@postern/shared/protocol/policy-replay';

/** From this share of the devices that a rule applies to, a missing answer is more likely the rule's fault than theirs. */
const manyUnknown = 0.2;

/** What an admin should look at before the figures: what is likely a mistake, and what a replay cannot know. */
export function doubtsOf(
  rules: readonly ReplayRuleSummary[],
  { judged, notConcerned }: { judged: number; notConcerned: number },
  policiesChanged: boolean,
): ReplayDoubt[] {
  const doubts: ReplayDoubt[] = [];
  if (policiesChanged) {
    const sentence = 'The policies, tiers, releases or brakes in force changed while this ran. Replay again.';
    doubts.push({ kind: 'rules-changed', rule: null, devices: judged, of: judged, sentence });
  }
  if (judged > 0 && notConcerned === judged) {
    const sentence = 'The draft applies to no device. Look at applies_to.';
    doubts.push({ kind: 'applies-to-nobody', rule: null, devices: judged, of: judged, sentence });
  }
  return [...doubts, ...rules.flatMap(doubtsOfRule)];
}

function doubtsOfRule({ rule, check, pass, fail, unknown, undecided, notCollected }: ReplayRuleSummary): ReplayDoubt[] {
  const answered = pass + fail + unknown;
  const doubts: ReplayDoubt[] = [];
  if (notCollected > 0) {
    doubts.push({
      kind: 'not-collected',
      rule,
      devices: notCollected,
      of: answered + notCollected,
      sentence: `Not collected yet: no policy in force asks these devices for ${check} as this rule does, so whom it would block is not known. Publish it with report_only: true first, and replay again once they have reported.`,
    });
  }
  if (undecided >= manyUnknown * answered && undecided > 0) {
    doubts.push({
      kind: 'undecided',
      rule,
      devices: undecided,
      of: answered,
      sentence: `These devices answered, and the expression cannot decide by what they said: likely a mistake in it, such as a member that may be null.`,
    });
  } else if (unknown >= manyUnknown * answered && unknown > 0) {
    doubts.push({
      kind: 'mostly-unknown',
      rule,
      devices: unknown,
      of: answered,
      sentence: `These devices could not tell. Look at the reasons, and at on_unknown, before this is enforced.`,
    });
  }
  return doubts;
}
