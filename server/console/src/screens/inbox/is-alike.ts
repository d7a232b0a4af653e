import type { WaitingRequest } from '@postern/shared/protocol/evidence';

type Alike = Pick<WaitingRequest, 'set' | 'mayDecide' | 'rules' | 'resources' | 'durationSeconds'>;

/** Whether several requests may be approved together: asked for together, for the same, and each of them waits for this person. */
export function isAlike(requests: readonly Alike[]): boolean {
  const [first] = requests;
  if (first === undefined || first.set === null || requests.length < 2) return false;
  const what = sameText(first);
  return requests.every((each) => each.set === first.set && each.mayDecide.approve.may && sameText(each) === what);
}

function sameText({ rules, resources, durationSeconds }: Alike): string {
  return JSON.stringify([rules.toSorted(), resources.toSorted(), durationSeconds]);
}
