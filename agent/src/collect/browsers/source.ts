import type { browsers } from '@postern/shared/checks/browsers';
import type { z } from 'zod';
import type { Finding } from '../finding.ts';
import type { System } from '../system.ts';

export type Browser = z.infer<typeof browsers.value>['browsers'][number];

/** The browsers of one way to install; undefined where that way is not in use here; a finding where it did not answer. */
export type BrowserSource = (system: System) => Promise<Browser[] | Finding<never> | undefined>;
