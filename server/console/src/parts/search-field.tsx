import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../strings/index.ts';

/** Narrows a list by some text, as soon as somebody stops typing. */
export function SearchField({
  label,
  value,
  change,
  width = 220,
}: {
  label: string;
  value: string | undefined;
  change: (value: string | undefined) => void;
  width?: number;
}) {
  const [typed, setTyped] = useState({ text: value ?? '', over: value });
  // The address is the truth: "clear filters" and Back change it from outside. What is being typed stays as it is typed.
  const isOwn = typed.over === value || typed.text.trim() === (value ?? '');
  const text = isOwn ? typed.text : (value ?? '');
  const tell = useDebouncedCallback((next: string) => change(next.trim() === '' ? undefined : next.trim()), 300);
  const type = (next: string) => {
    setTyped({ text: next, over: value });
    tell(next);
  };
  return (
    <TextInput
      size="xs"
      w={width}
      aria-label={label}
      placeholder={label}
      maxLength={100}
      leftSection={<IconSearch size={14} />}
      rightSection={
        text === '' ? null : (
          <CloseButton size="xs" aria-label={`${t.common.clearFilters}: ${label}`} onClick={() => type('')} />
        )
      }
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}
