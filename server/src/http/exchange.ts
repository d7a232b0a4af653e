import type { AnyRoute } from './route.ts';

/** What is known of one request, from its first byte to its answer. */
export interface Exchange {
  id: string;
  startedAt: number;
  /** Headers of the answer whatever it will be; names in lower case. */
  headers: Record<string, string>;
  remoteAddress: string;
  path: string;
  query: string;
  route: AnyRoute | undefined;
  /** The template, never the path: paths are many and may hold what does not belong in metrics. */
  template: string;
}
