import { readFileSync } from 'node:fs';

/** Scenarios that come with the program, as an admin would write them. Publishing one's own of the same name replaces one. */
export const builtInNames = [
  'contractor-laptop',
  'travelling',
  'incident-response',
  'update-pending',
  'hardware-repair',
  'audit',
  'temporary-access',
  'emergency-access',
  'emergency-device',
] as const;

/** The text of one of them. */
export function builtInTemplate(name: (typeof builtInNames)[number]): string {
  return readFileSync(new URL(`documents/${name}.yaml`, import.meta.url), 'utf8');
}
