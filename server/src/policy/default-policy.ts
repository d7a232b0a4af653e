import { readFileSync } from 'node:fs';

/** The policy that a new installation begins with, as an admin would write it. Publishing a `baseline` of one's own replaces it. */
export function defaultPolicy(): string {
  return readFileSync(new URL('default-policy.yaml', import.meta.url), 'utf8');
}
