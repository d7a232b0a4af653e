import { Text } from '@mantine/core';
import { AppLink } from '../app-link.tsx';
import { kindOf, nameOf, placeOf } from './say-entry.ts';

/** Who did it, or what it is about: its name, a link where there is a screen for it, and what kind of thing it is. */
export function Someone({
  who,
  name,
  isIdBeside = false,
}: {
  who: { kind: string; id: string | null };
  name: string | null;
  /** What has no name is called by its kind then: its id is not said twice. */
  isIdBeside?: boolean;
}) {
  const isNameless = isIdBeside && name === null && who.id !== null;
  const said = isNameless ? kindOf(who.kind) : nameOf(who, name);
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
      {!isNameless && who.kind !== 'system' && who.kind !== 'anonymous' && (
        <Text span size="xs" c="dimmed">
          {` ${kindOf(who.kind)}`}
        </Text>
      )}
    </span>
  );
}
