import { Text } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { NavigationLink } from '../parts/app-link.tsx';
import { areas, type Place } from './navigation.ts';
import { screens } from './screens.ts';
import { useMe } from './session.tsx';

/** Places that this person may go to. */
export function usePlaces(): { label: string; places: Place[] }[] {
  const { roles } = useMe();
  const isOpenTo = (path: string) => {
    const screen = screens.find((each) => each.path === path);
    return screen !== undefined && (screen.roles === undefined || screen.roles.some((role) => roles.includes(role)));
  };
  return areas
    .map(({ label, places }) => ({ label, places: places.filter(({ path }) => isOpenTo(path)) }))
    .filter(({ places }) => places.length > 0);
}

/** The navigation, with the place where somebody is. */
export function NavigationList() {
  const here = useLocation({ select: ({ pathname }) => pathname });
  const all = usePlaces();
  // The longest path that the address begins with: `/me/notices` is not `/me`.
  const current = all
    .flatMap(({ places }) => places)
    .filter(({ path, within = [] }) => [path, ...within].some((each) => here === each || here.startsWith(`${each}/`)))
    .reduce((longest, { path }) => (path.length > longest.length ? path : longest), '');
  const list = useRef<HTMLDivElement>(null);
  // It may be longer than the window is high.
  useEffect(() => {
    if (current !== '') list.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const sections = all.map(({ label, places }) => (
    <section key={label} aria-label={label}>
      <Text size="xs" fw={600} c="dimmed" px="sm" pt="sm" pb={4} aria-hidden>
        {label}
      </Text>
      {places.map(({ path, label: name, icon: Icon }) => (
        <NavigationLink
          key={path}
          to={path}
          label={name}
          active={path === current}
          // The router thinks of `/me` as current on `/me/requests` too.
          activeOptions={{ exact: true }}
          {...(path === current ? { 'aria-current': 'page' as const } : {})}
          py={4}
          leftSection={<Icon size={18} stroke={1.6} />}
        />
      ))}
    </section>
  ));
  return <div ref={list}>{sections}</div>;
}
