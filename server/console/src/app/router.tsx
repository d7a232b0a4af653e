import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { lazy } from 'react';
import { ScreenNotFound } from '../parts/not-found.tsx';
import { Broken } from './broken.tsx';
import { Gate } from './gate.tsx';
import { redirectOldAddress } from './old-addresses.ts';
import { Root } from './root.tsx';
import { screens } from './screens.ts';
import { readSearch, writeSearch } from './search.ts';

/** Whoever is signed in finds on by the navigation. */
function Nowhere() {
  return (
    <Gate screen={{}}>
      <ScreenNotFound />
    </Gate>
  );
}

const root = createRootRoute({ component: Root, notFoundComponent: Nowhere });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home.tsx')),
});

const routes = screens.map((screen) => {
  const Content = lazy(screen.load);
  return createRoute({
    getParentRoute: () => root,
    path: screen.path,
    component: () => (
      <Gate screen={screen}>
        <Content />
      </Gate>
    ),
  });
});

// Before the router looks where it is.
redirectOldAddress();

/** Addresses and their screens. */
export const router = createRouter({
  routeTree: root.addChildren([home, ...routes]),
  basepath: '/console',
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  // Data are TanStack Query's business; the router only fetches the code of a screen ahead.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: Broken,
});
