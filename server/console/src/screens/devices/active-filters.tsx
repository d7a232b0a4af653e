import { Group, Pill, Text } from '@mantine/core';
import type { DeviceFacets } from '@postern/shared/protocol/fleet';
import { useGet } from '../../api/queries.ts';
import { ClearFilters } from '../../parts/clear-filters.tsx';
import { t } from '../../strings/index.ts';
import { facetNames, valueName } from './facet-names.ts';

type Chosen = Readonly<Record<string, string | undefined>>;

/** What the list is narrowed by, each to be taken away again, and how many that leaves. */
export function ActiveFilters({
  chosen,
  ownerName,
  remove,
  clear,
}: {
  chosen: Chosen;
  /** Of the person whose devices these are. */
  ownerName: string | undefined;
  remove: (name: string) => void;
  clear: () => void;
}) {
  const { q, ...filter } = chosen;
  const { data } = useGet<DeviceFacets>('/v1/admin/devices/facets', filter, { enabled: q === undefined });
  const { owner } = chosen;
  const pills: { name: string; title: string; value: string }[] = [
    ...facetNames.flatMap((facet) => {
      const value = chosen[facet];
      return value === undefined
        ? []
        : [{ name: facet, title: t.devices.facets[facet], value: valueName(facet, value) }];
    }),
    ...(owner === undefined ? [] : [{ name: 'owner', title: t.devices.ofPerson, value: ownerName ?? owner }]),
  ];
  return (
    <Group gap="xs" mih={28}>
      {q === undefined && data !== undefined && (
        <Text size="sm" c="dimmed" role="status">
          {t.devices.total(data.total)}
        </Text>
      )}
      {pills.map(({ name, title, value }) => (
        <Pill
          key={name}
          withRemoveButton
          onRemove={() => remove(name)}
          removeButtonProps={{ 'aria-label': t.devices.removeFilter(title, value), 'aria-hidden': false, tabIndex: 0 }}
        >
          {title}: {value}
        </Pill>
      ))}
      {pills.length > 1 && <ClearFilters clear={clear} />}
    </Group>
  );
}
