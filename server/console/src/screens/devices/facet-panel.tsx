import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import type { DeviceFacets, Facet } from '@postern/shared/protocol/fleet';
import { useGet } from '../../api/queries.ts';
import { t } from '../../strings/index.ts';
import { FacetGroup } from './facet-group.tsx';
import { facetNames } from './facet-names.ts';
import classes from './devices.module.css';

type Chosen = Readonly<Partial<Record<Facet | 'owner' | 'q', string | undefined>>>;

/** What devices can be narrowed by. On a small screen it is folded away above the list. */
export function FacetPanel({
  chosen,
  choose,
}: {
  chosen: Chosen;
  choose: (some: Partial<Record<Facet, string | undefined>>) => void;
}) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const { q, ...filter } = chosen;
  // A search is not counted: it would be as slow as the search itself.
  const { data } = useGet<DeviceFacets>('/v1/admin/devices/facets', filter, { enabled: q === undefined });
  const counts = q === undefined ? data : undefined;
  const active = facetNames.filter((facet) => chosen[facet] !== undefined).length;
  return (
    <section aria-label={t.devices.filters}>
      <Button
        hiddenFrom="md"
        variant="default"
        size="xs"
        leftSection={<IconFilter size={14} />}
        aria-expanded={isOpen}
        onClick={toggle}
      >
        {t.devices.showFilters(active)}
      </Button>
      <Stack gap="md" className={classes['facets'] ?? ''} data-open={isOpen}>
        {facetNames.map((facet) => (
          <FacetGroup
            key={facet}
            facet={facet}
            counts={counts?.facets[facet]}
            chosen={chosen[facet]}
            choose={(value) => choose({ [facet]: value })}
          />
        ))}
        {q !== undefined && (
          <Text size="xs" c="dimmed">
            {t.devices.noCountsWithSearch}
          </Text>
        )}
        {counts !== undefined && counts.notLookedAt > 0 && (
          <Text size="xs" c="dimmed">
            {t.devices.notLookedAt(counts.notLookedAt)}
          </Text>
        )}
      </Stack>
    </section>
  );
}
