import type { Draft } from '../../parts/policy/types.ts';
import { t } from '../../strings/index.ts';

const words = t.policyDraft.now;

interface Reader {
  isAdmin: boolean;
  isReplayed: boolean;
}

/** What is the matter with a draft, and what to do next, for whoever reads it. */
export function whatNow(draft: Draft, { isAdmin, isReplayed }: Reader): { sentence: string; isUrgent: boolean } {
  const calm = (sentence: string) => ({ sentence, isUrgent: false });
  const urgent = (sentence: string) => ({ sentence, isUrgent: true });
  const decider = draft.decidedBy?.name ?? '';
  if (draft.state === 'published')
    return calm(
      draft.publishedVersion === null ? words.retired(decider) : words.published(draft.publishedVersion, decider),
    );
  if (draft.state === 'discarded') return calm(words.discarded(decider));
  if (draft.outdated) return urgent(words.outdated);
  if (draft.state === 'submitted') {
    const mayApprove = draft.approval.allowed || draft.approval.why?.code === 'step_up_required';
    return isAdmin && mayApprove ? urgent(words.toApprove(namesOf(draft))) : calm(words.waits);
  }
  if (!isAdmin) return calm(words.readOnly);
  if (draft.faults.length > 0) return urgent(words.faults(draft.faults.length));
  if (!isReplayed) return calm(words.toReplay);
  return calm(draft.needsApproval ? words.toSubmit : words.toSubmitAlone);
}

/** Who wrote any of it. */
export function namesOf({ authors }: Pick<Draft, 'authors'>): string {
  return authors.map(({ name }) => name).join(', ');
}
