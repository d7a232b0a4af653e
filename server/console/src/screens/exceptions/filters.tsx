import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ExceptionState } from '@postern/shared/protocol/exception';
import { useGet } from '../../api/queries.ts';
import { ChoiceField } from '../../parts/choice-field.tsx';
import { ClearFilters } from '../../parts/clear-filters.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { t } from '../../strings/index.ts';
import type { Tab } from './query.ts';

const words = t.deciding.filters;

/** The parameters of the address that narrow the lists. */
export const filterNames = ['q', 'kind', 'rule', 'template', 'state', 'person', 'device', 'set'] as const;
type Name = (typeof filterNames)[number];

const states = {
  active: ['active', 'approved', 'scheduled'],
  soon: ['active', 'approved', 'scheduled'],
  history: ['expired', 'denied', 'revoked', 'relinquished', 'resolved', 'superseded', 'voided', 'withdrawn', 'lapsed'],
  all: [
    'pending',
    'active',
    'expired',
    'denied',
    'revoked',
    'relinquished',
    'resolved',
    'voided',
    'withdrawn',
    'lapsed',
  ],
} as const satisfies Record<Tab, readonly ExceptionState[]>;

/** What the lists are narrowed by. Links from elsewhere name one person, device or set, which are shown so that they can be taken off. */
export function ExceptionFilters({
  value,
  change,
  tab,
}: {
  value: Readonly<Record<Name, string | undefined>>;
  change: (some: Partial<Record<Name, string | undefined>>) => void;
  tab: Tab;
}) {
  const { data: templates } = useGet<{ items: { name: string; title: string; current: boolean }[] }>(
    '/v1/admin/templates',
  );
  const isNarrowed = filterNames.some((name) => value[name] !== undefined);
  return (
    <>
      <SearchField label={words.search} value={value.q} change={(q) => change({ q })} />
      <ChoiceField
        label={words.kind}
        any={words.anyKind}
        choices={(['device', 'access'] as const).map((kind) => ({ value: kind, label: t.deciding.kinds[kind] }))}
        value={value.kind}
        change={(kind) => change({ kind })}
      />
      <SearchField label={words.ruleExact} value={value.rule} change={(rule) => change({ rule })} width={200} />
      <ChoiceField
        label={words.template}
        any={words.anyTemplate}
        choices={(templates?.items ?? []).map(({ name, title }) => ({ value: name, label: title }))}
        value={value.template}
        change={(template) => change({ template })}
      />
      <ChoiceField
        label={words.state}
        any={words.anyState}
        choices={states[tab].map((state) => ({ value: state, label: t.common.standing.exception[state] }))}
        value={value.state}
        change={(state) => change({ state })}
      />
      {(['person', 'device', 'set'] as const).map(
        (name) =>
          value[name] !== undefined && (
            <Button
              key={name}
              size="xs"
              variant="light"
              rightSection={<IconX size={12} />}
              onClick={() => change({ [name]: undefined })}
            >
              {words.only[name]}
            </Button>
          ),
      )}
      {isNarrowed && (
        <ClearFilters clear={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])))} />
      )}
    </>
  );
}
