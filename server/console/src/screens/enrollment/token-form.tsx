import { Checkbox, Group, NumberInput, Select, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useAct } from '../../api/queries.ts';
import { FormEnd } from '../../parts/form/form-end.tsx';
import { PersonSelect } from '../../parts/person-select.tsx';
import { t } from '../../strings/index.ts';
import type { EnrollmentToken } from './types.ts';

const words = t.enrollment.form;
const path = '/v1/admin/enrollment-tokens';
const choices = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

interface Wish {
  owner: string;
  life: string;
  uses: number | string;
  ownership: string;
  pending: boolean;
}

/** For whom, for how long, for how many. */
export function TokenForm({ made, cancel }: { made: (token: EnrollmentToken) => void; cancel: () => void }) {
  const [error, setError] = useState<unknown>();
  const make = useAct((wish: Wish) => call<EnrollmentToken>('POST', path, wish), [path]);
  const form = useForm<Wish>({
    initialValues: { owner: '', life: '1h', uses: 1, ownership: 'corporate', pending: false },
    validate: {
      owner: (owner) => (owner === '' ? words.ownerMissing : null),
      uses: (uses) => (Number.isInteger(uses) && Number(uses) >= 1 && Number(uses) <= 1000 ? null : words.usesWrong),
    },
  });
  const submit = async (wish: Wish) => {
    setError(undefined);
    try {
      made(await make.mutateAsync(wish));
    } catch (refusal) {
      setError(refusal);
    }
  };
  return (
    <form onSubmit={form.onSubmit((wish) => void submit(wish))} noValidate>
      <Stack>
        <PersonSelect
          label={words.owner}
          placeholder={words.ownerHint}
          nothingFound={words.nobody}
          value={form.values.owner}
          change={(owner) => form.setFieldValue('owner', owner)}
          error={form.errors['owner']}
          required
        />
        <Group grow align="flex-start">
          <Select
            label={words.life}
            data={choices(words.lives)}
            allowDeselect={false}
            {...form.getInputProps('life')}
          />
          <NumberInput label={words.uses} min={1} max={1000} allowDecimal={false} {...form.getInputProps('uses')} />
        </Group>
        <Select
          label={words.ownership}
          data={choices(t.devices.values.ownership)}
          allowDeselect={false}
          {...form.getInputProps('ownership')}
        />
        <Checkbox
          label={words.pending}
          description={words.pendingHint}
          {...form.getInputProps('pending', { type: 'checkbox' })}
        />
        <FormEnd error={error} cancel={cancel} button={words.submit} isBusy={make.isPending} />
      </Stack>
    </form>
  );
}
