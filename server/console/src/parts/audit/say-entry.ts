import { t } from '../../strings/index.ts';

const words = t.audit;

/** What happened, in words; a type that this version does not know, as it is called. */
export function titleOf(type: string): string {
  return Object.hasOwn(words.titles, type) ? (words.titles[type] ?? type) : type;
}

interface Someone {
  kind: string;
  id: string | null;
}

/** Who or what, by the name that people know it by. */
export function nameOf({ kind, id }: Someone, name: string | null): string {
  if (kind === 'system') return words.systemActor;
  if (kind === 'anonymous' && id === null) return words.anonymousActor;
  return name ?? id ?? kindOf(kind);
}

/** What it is. */
export function kindOf(kind: string): string {
  return Object.hasOwn(words.kinds, kind) ? (words.kinds[kind] ?? kind) : kind.replaceAll('-', ' ');
}

const places: Readonly<Record<string, string>> = {
  person: '/people',
  device: '/devices',
  exception: '/exceptions',
  policy: '/policies',
  'policy-draft': '/policy-drafts',
};

/** Where in the console it is shown; undefined: nowhere by its id. */
export function placeOf({ kind, id }: Someone): string | undefined {
  const place = Object.hasOwn(places, kind) ? places[kind] : undefined;
  // What stands in the log came from outside once: no id of ours has anything else in it.
  return place === undefined || id === null || !/^[\w.-]{1,128}$/.test(id) ? undefined : `${place}/${id}`;
}
