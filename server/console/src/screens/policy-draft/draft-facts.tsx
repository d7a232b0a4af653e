import { Facts } from '../../parts/facts.tsx';
import { DraftSign } from '../../parts/policy/signs.tsx';
import type { Draft } from '../../parts/policy/types.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';
import { namesOf } from './what-now.ts';

const words = t.policyDraft;

/** Whose it is, and since when. */
export function DraftFacts({ draft }: { draft: Draft }) {
  const { state, outdated, editedAt, submittedAt, decidedAt, baseVersion, note } = draft;
  return (
    <Facts
      facts={[
        [t.policies.state, <DraftSign key="state" state={state} outdated={outdated} />],
        [words.authors, namesOf(draft)],
        [words.edited, <When key="edited" at={editedAt} both />],
        [words.submittedAt, submittedAt === null ? null : <When key="submitted" at={submittedAt} both />],
        [t.common.decided, decidedAt === null ? null : <When key="decided" at={decidedAt} both />],
        [words.base, baseVersion === 0 ? words.noBase : t.diff.versionOf(baseVersion)],
        [t.policies.note, note],
      ]}
    />
  );
}
