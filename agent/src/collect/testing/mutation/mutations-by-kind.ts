import { commandMutations, fileMutations, within } from './answer-mutations.ts';
import type { AnswerTo, Call } from './calls.ts';
import { nothing, oneOf, type Mutation } from './mutation.ts';

const bytes: readonly Mutation<Uint8Array | undefined>[] = [
  {
    name: 'cut inside a line',
    breaks: 'form',
    apply: (given, { where }) => given?.slice(0, where % Math.max(1, given.length)) ?? nothing,
  },
  {
    name: 'bytes added',
    breaks: 'form',
    apply: (given, { how }) => (given ? Uint8Array.from([...given, how % 256]) : nothing),
  },
  { name: 'empty', breaks: 'form', apply: (given) => (given ? new Uint8Array() : nothing) },
  { name: 'garbage', breaks: 'form', apply: (_, { how }) => new Uint8Array(65_536).fill(2 + (how % 254)) },
  { name: 'absent', breaks: 'meaning', apply: () => undefined },
  {
    name: 'another byte',
    breaks: 'meaning',
    apply: (given, { where, how }) => (given?.length ? given.with(where % given.length, how % 256) : nothing),
  },
];

/** A folder that may not be listed and one that is not there are told alike. */
const folders: readonly Mutation<string[] | undefined>[] = [
  {
    name: 'strange names in a folder',
    breaks: 'form',
    apply: (names) => (names === undefined ? nothing : [...names, '.', '..', '', 'a\n\0b', '\ufffd']),
  },
  {
    name: 'a folder with very many names',
    breaks: 'form',
    apply: (names) =>
      names === undefined ? nothing : [...names, ...Array.from({ length: 3000 }, (_, at) => `x${at}`)],
  },
  { name: 'a folder not listed', breaks: 'meaning', apply: () => undefined },
  {
    name: 'a name missing',
    breaks: 'meaning',
    apply: (names, { where }) => names?.toSpliced(where % Math.max(1, names.length), 1) ?? nothing,
  },
];

const refusal = { outcome: 'refused' } as const;

/** By the kind of question, what its answer may turn into. */
export const byKind: { [Kind in Call['what']]: readonly Mutation<AnswerTo<Kind>>[] } = {
  run: commandMutations,
  readFile: fileMutations,
  readBytes: bytes,
  list: folders,
  realPath: [
    { name: 'a path that cannot be followed', breaks: 'meaning', apply: () => undefined },
    {
      name: 'a path to somewhere else',
      breaks: 'meaning',
      apply: (_, { how }) => oneOf(['/', '/dev/null', '/\u0000', 'relative'], how),
    },
  ],
  readLink: [
    { name: 'refused', breaks: 'form', apply: () => refusal },
    { name: 'absent', breaks: 'meaning', apply: () => ({ outcome: 'absent' }) },
    ...within<AnswerTo<'readLink'>>(
      (link) => (link.outcome === 'read' ? link.target : undefined),
      (_, target) => ({ outcome: 'read', target }),
    ).map(({ name, apply }) => ({ name, breaks: 'meaning' as const, apply })),
  ],
  inspect: [
    { name: 'refused', breaks: 'form', apply: () => refusal },
    { name: 'an error of the disk', breaks: 'form', apply: () => ({ outcome: 'failed', detail: 'EIO' }) },
    { name: 'absent', breaks: 'meaning', apply: () => ({ outcome: 'absent' }) },
    {
      name: 'a folder',
      breaks: 'form',
      apply: (entry) => (entry.outcome === 'found' ? { ...entry, kind: 'folder', sizeBytes: 0 } : nothing),
    },
    {
      name: 'a size that is none',
      breaks: 'form',
      apply: (entry, { how }) =>
        entry.outcome === 'found' ? { ...entry, sizeBytes: [-1, Number.NaN, Infinity, 1e300][how % 4] ?? 0 } : nothing,
    },
  ],
  digest: [
    { name: 'refused', breaks: 'form', apply: () => refusal },
    { name: 'an error of the disk', breaks: 'form', apply: () => ({ outcome: 'failed', detail: 'EIO' }) },
    { name: 'a folder', breaks: 'form', apply: () => ({ outcome: 'not-a-file' }) },
    { name: 'too large', breaks: 'form', apply: () => ({ outcome: 'too-large' }) },
    { name: 'absent', breaks: 'meaning', apply: () => ({ outcome: 'absent' }) },
  ],
  modifiedAt: [
    { name: 'absent', breaks: 'form', apply: () => undefined },
    { name: 'another time', breaks: 'meaning', apply: (_, { how }) => [0, -1, 1, 4e12, 8.64e15, -8.64e15][how % 6] },
  ],
  diskSpace: [
    { name: 'absent', breaks: 'form', apply: () => undefined },
    {
      name: 'a size that is none',
      breaks: 'form',
      apply: (space, { where, how }) => {
        const number = [-1, Number.NaN, Infinity, 0][how % 4] ?? 0;
        return space ? { ...space, [where % 2 === 0 ? 'sizeBytes' : 'freeBytes']: number } : nothing;
      },
    },
    {
      name: 'more free than there is',
      breaks: 'form',
      apply: (space) => (space ? { ...space, freeBytes: space.sizeBytes * 2 + 1 } : nothing),
    },
  ],
  uptimeSeconds: [
    { name: 'another time', breaks: 'meaning', apply: (_, { how }) => [0, -1, 1e9, 0.5, 4e9][how % 5] ?? 0 },
  ],
};
