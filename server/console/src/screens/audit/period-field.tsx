import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { ChoiceField } from '../../parts/choice-field.tsx';
import { t } from '../../strings/index.ts';
import { type AuditSearch, fromField, toField } from './filter.ts';

const words = t.audit.filters;
const between = 'between';

/** Within a time until now, or between two times. */
export function PeriodField({
  value: { period, from, to },
  change,
}: {
  value: AuditSearch;
  change: (some: { period?: string | undefined; from?: string | undefined; to?: string | undefined }) => void;
}) {
  const hasTimes = period === undefined && (from !== undefined || to !== undefined);
  const [isBetween, setBetween] = useState(hasTimes);
  const isWrong = from !== undefined && to !== undefined && Date.parse(to) <= Date.parse(from);
  const pick = (chosen: string | undefined) => {
    setBetween(chosen === between);
    change(chosen === between ? { period: undefined } : { period: chosen, from: undefined, to: undefined });
  };
  return (
    <>
      <ChoiceField
        label={words.period}
        any={words.anyTime}
        choices={[
          ...Object.entries(words.periods).map(([value, label]) => ({ value, label })),
          { value: between, label: words.between },
        ]}
        value={isBetween || hasTimes ? between : period}
        change={pick}
      />
      {(isBetween || hasTimes) && (
        <>
          <TextInput
            size="xs"
            type="datetime-local"
            label={words.from}
            value={toField(from)}
            onChange={({ currentTarget }) => change({ from: fromField(currentTarget.value) })}
          />
          <TextInput
            size="xs"
            type="datetime-local"
            label={words.to}
            value={toField(to)}
            error={isWrong ? words.toBeforeFrom : undefined}
            onChange={({ currentTarget }) => change({ to: fromField(currentTarget.value) })}
          />
        </>
      )}
    </>
  );
}
