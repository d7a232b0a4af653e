import type { Place } from './macos-place.ts';

/** Of `22631.4317`: build and revision. Undefined for anything else. */
export function windowsPlace(text: string): Place | undefined {
  const [, build, revision] = /^(\d{4,6})\.(\d{1,9})$/.exec(text) ?? [];
  return build === undefined ? undefined : [Number(build), Number(revision)];
}
