import { Facts } from '../../parts/facts.tsx';
import { EnforcementSign } from '../../parts/policy/signs.tsx';
import type { PolicyVersion } from '../../parts/policy/types.ts';
import { When } from '../../parts/when.tsx';
import { t } from '../../strings/index.ts';

const words = t.policies;

/** Which version it is, since when, and by whom. */
export function PolicyFacts({ policy }: { policy: PolicyVersion }) {
  const { version, enforcement, publishedAt, draftedBy, approvedBy, note } = policy;
  return (
    <Facts
      facts={[
        [words.version, version],
        [words.enforcement, <EnforcementSign key="enforcement" enforcement={enforcement} />],
        [words.published, <When key="published" at={publishedAt} both />],
        [words.draftedBy, draftedBy ?? words.nobody],
        [words.approvedBy, approvedBy ?? words.nobody],
        [words.note, note],
      ]}
    />
  );
}
