import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchState } from './search-state.ts';

interface Tab {
  name: string;
  label: string;
  content: ReactNode;
  /** Stays in the page while another one is shown: somebody may be writing in it. */
  stays?: boolean;
}

const nothing: readonly string[] = [];

/** Parts of a screen of which one is shown. The address says which, as long as it is not the usual one. */
export function AddressTabs({
  label,
  tabs,
  usual,
  parameter = 'tab',
  letGo = nothing,
}: {
  /** What there is to choose from, to screen readers. */
  label: string;
  tabs: readonly Tab[];
  usual: string;
  parameter?: string;
  /** Other parameters of the address, which are about one tab only. */
  letGo?: readonly string[];
}) {
  const { value, change } = useSearchState([parameter, ...letGo]);
  const shown = tabs.find(({ name }) => name === value[parameter])?.name ?? usual;
  const show = (next: string | null) =>
    change({
      ...Object.fromEntries(letGo.map((name) => [name, undefined])),
      [parameter]: next === null || next === usual ? undefined : next,
    });
  return (
    <Tabs value={shown} onChange={show} keepMounted={false}>
      <Tabs.List aria-label={label} mb="md">
        {tabs.map(({ name, label: title }) => (
          <Tabs.Tab key={name} value={name}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ name, content, stays = false }) => (
        <Tabs.Panel key={name} value={name} keepMounted={stays}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
