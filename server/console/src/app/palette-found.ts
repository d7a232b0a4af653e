import { useDebouncedValue } from '@mantine/hooks';
import { IconClockShield, IconDeviceLaptop, IconUsers } from '@tabler/icons-react';
import type { SearchAnswer } from '@postern/shared/protocol/search';
import { useGet } from '../api/queries.ts';
import { sentenceOf } from '../api/refusal.ts';
import { t } from '../strings/index.ts';
import { placesOf } from './found.ts';
import { type Action, type ActionGroup, useGo } from './palette-action.ts';
import { readers } from './roles.ts';
import { useIs } from './session.tsx';

const icons: Record<keyof SearchAnswer, Action['icon']> = {
  people: IconUsers,
  devices: IconDeviceLaptop,
  exceptions: IconClockShield,
};
const shortest = 2;

/** What the backend finds, for who may read what concerns everybody. */
export function useFoundActions(query: string): { groups: ActionGroup[]; note: string | undefined } {
  const go = useGo();
  const [q] = useDebouncedValue(query, 200);
  const mayRead = useIs(...readers);
  const isWanted = mayRead && query.length >= shortest;
  const isAsked = isWanted && q.length >= shortest;
  const { data, error, isPlaceholderData } = useGet<SearchAnswer>('/v1/admin/search', { q }, { enabled: isAsked });
  if (!isWanted) return { groups: [], note: undefined };
  if (error !== null) return { groups: [], note: t.shell.searchFailed(sentenceOf(error)) };
  if (data === undefined || isPlaceholderData || q !== query) return { groups: [], note: t.shell.searching };
  const places = placesOf(data);
  const groups = (['people', 'devices', 'exceptions'] as const).map((kind) => ({
    label: t.shell.foundGroups[kind],
    actions: places[kind].map(({ path, label, description }) => ({
      id: path,
      label,
      description,
      icon: icons[kind],
      go: go(path),
    })),
  }));
  return { groups, note: undefined };
}
