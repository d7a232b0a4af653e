/** A property list as Apple's tools write it. Bytes (`<data>`) are not read: null stands in their place. */
export type Plist = string | number | boolean | null | PlistDate | readonly Plist[] | PlistDict;
export type PlistDict = ReadonlyMap<string, Plist>;
export interface PlistDate {
  instant: number;
}

/** A dictionary, or undefined for every other kind of value. */
export function dictOf(value: Plist | undefined): PlistDict | undefined {
  return value instanceof Map ? value : undefined;
}

/** A text, or undefined for every other kind of value. */
export function textOf(value: Plist | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A moment, or undefined for every other kind of value. */
export function instantOf(value: Plist | undefined): number | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Map || !('instant' in value)) return undefined;
  return value.instant;
}

/** A switch: tools write it as a boolean or as 0 and 1. Undefined for anything else. */
export function switchOf(value: Plist | undefined): boolean | undefined {
  if (value === 0 || value === 1) return value === 1;
  return typeof value === 'boolean' ? value : undefined;
}
