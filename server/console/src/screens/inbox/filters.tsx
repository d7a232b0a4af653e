import type { WaitingRequest } from '@postern/shared/protocol/evidence';
import { ChoiceField } from '../../parts/choice-field.tsx';
import { ClearFilters } from '../../parts/clear-filters.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { t } from '../../strings/index.ts';

const words = t.deciding.filters;

type Name = 'show' | 'kind' | 'risk' | 'rule' | 'q';

/** What the inbox is narrowed by, as it stands in the address. */
export interface InboxFilters {
  value: Readonly<Record<Name, string | undefined>>;
  change: (some: Partial<Record<Name, string | undefined>>) => void;
}

/** What the inbox is narrowed by, besides whose it is. */
export function Filters({
  filters: { value, change },
  items,
}: {
  filters: InboxFilters;
  items: readonly WaitingRequest[];
}) {
  const { kind, risk, rule, q } = value;
  const rules = [
    ...new Set([...(rule === undefined ? [] : [rule]), ...items.flatMap((item) => item.rules)]),
  ].toSorted();
  const isNarrowed = [kind, risk, rule, q].some((each) => each !== undefined);
  return (
    <>
      <SearchField label={words.search} value={q} change={(next) => change({ q: next })} width={180} />
      <ChoiceField
        label={words.kind}
        any={words.anyKind}
        choices={[
          { value: 'device', label: t.deciding.kinds.device },
          { value: 'access', label: t.deciding.kinds.access },
        ]}
        value={kind}
        change={(next) => change({ kind: next })}
      />
      <ChoiceField
        label={words.risk}
        any={words.anyRisk}
        choices={[
          { value: 'medium', label: words.fromMedium },
          { value: 'high', label: words.fromHigh },
        ]}
        value={risk}
        change={(next) => change({ risk: next })}
      />
      <ChoiceField
        label={words.rule}
        any={words.anyRule}
        choices={rules.map((each) => ({ value: each, label: each }))}
        value={rule}
        change={(next) => change({ rule: next })}
      />
      {isNarrowed && (
        <ClearFilters clear={() => change({ kind: undefined, risk: undefined, rule: undefined, q: undefined })} />
      )}
    </>
  );
}
