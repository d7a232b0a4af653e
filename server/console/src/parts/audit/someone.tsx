import { Text } from '@mantine/core';
import { AppLink } from '../app-link.tsx';
import { kindOf, nameOf, placeOf } from './say-entry.ts';

/** Who did it, or what it is about: its name, a link where there is a screen for it, and what kind of thing it is. */
export function Someone({ who, name }: { who: { kind: string; id: string | null }; name: string | null }) {
  const said = nameOf(who, name);
  const place = placeOf(who);
  return (
    <span style={{ overflowWrap: 'anywhere' }}>
      {place === undefined ? (
        said
      ) : (
        <AppLink to={place} inherit>
          {said}
        </AppLink>
      )}
      {who.kind !== 'system' && who.kind !== 'anonymous' && (
        <Text span size="xs" c="dimmed">
          {` ${kindOf(who.kind)}`}
        </Text>
      )}
    </span>
  );
}
