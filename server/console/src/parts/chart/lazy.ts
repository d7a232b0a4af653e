import { lazy } from 'react';

/** The library for charts is fetched when the first chart is shown. */
export const Areas = lazy(() => import('./areas.tsx'));
/** The same for bars. */
export const Bars = lazy(() => import('./bars.tsx'));
