import { basename } from 'node:path/posix';
import { isDeepStrictEqual } from 'node:util';
import type { CommandResult, FileResult } from '../../system.ts';
import type { Call } from './calls.ts';
import { jsonMutations } from './json-mutations.ts';
import { nothing, oneOf, type Bite, type Mutation } from './mutation.ts';
import { textMutations } from './text-mutations.ts';

const onText = [...textMutations, ...textMutations, ...jsonMutations];
const codes = [1, 2, 100, 126, 127, 137, 255, -1];

/** Text mutations as those of what holds a text. */
function within<Answer>(
  read: (answer: Answer) => string | undefined,
  write: (answer: Answer, text: string) => Answer,
): Mutation<Answer>[] {
  return onText.map(({ name, breaks, apply }) => ({
    name,
    breaks,
    apply: (answer, bite, others) => {
      const text = read(answer);
      const spoilt = text === undefined ? undefined : apply(text, bite, others);
      return spoilt === undefined ? nothing : write(answer, spoilt);
    },
  }));
}

type Exited = Extract<CommandResult, { outcome: 'exited' }>;

/** As `apply`, of a command that ended by itself. */
function ended(
  name: string,
  apply: (result: Exited, how: number) => CommandResult | undefined,
  breaks: Mutation<CommandResult>['breaks'] = 'form',
): Mutation<CommandResult> {
  return {
    name,
    breaks,
    apply: (result, { how }) => (result.outcome === 'exited' ? (apply(result, how) ?? nothing) : nothing),
  };
}

const commands: readonly Mutation<CommandResult>[] = [
  ...within<CommandResult>(
    (result) => (result.outcome === 'exited' && result.stdout !== '' ? result.stdout : undefined),
    (result, stdout) => (result.outcome === 'exited' ? { ...result, stdout } : result),
  ),
  ...within<CommandResult>(
    (result) =>
      result.outcome === 'exited' && result.stdout === '' && result.stderr !== '' ? result.stderr : undefined,
    (result, stderr) => (result.outcome === 'exited' ? { ...result, stderr } : result),
  ),
  { name: 'timed out', breaks: 'form', apply: () => ({ outcome: 'timed-out' }) },
  { name: 'too much output', breaks: 'form', apply: () => ({ outcome: 'too-much-output' }) },
  { name: 'refused', breaks: 'form', apply: () => ({ outcome: 'refused' }) },
  { name: 'absent', breaks: 'form', apply: () => ({ outcome: 'absent' }) },
  ended('nothing printed', (result) => (result.stdout === '' ? undefined : { ...result, stdout: '' })),
  ended('all of it on the other stream', (result) => ({ ...result, stdout: result.stderr, stderr: result.stdout })),
  ended('another exit code', (result, how) => ({ ...result, code: codes[how % codes.length] ?? 1 })),
  ended('exit code 0', (result) => (result.code === 0 ? undefined : { ...result, code: 0 })),
  ended('an error beside it', (result) => ({ ...result, stderr: `${result.stderr}error: I/O error\n` })),
  ended('an error in its place', (result, how) => ({
    ...result,
    code: codes[how % codes.length] ?? 1,
    stdout: '',
    stderr: 'error: Operation not permitted\n',
  })),
];

const files: readonly Mutation<FileResult>[] = [
  ...within<FileResult>(
    (result) => (result.outcome === 'read' ? result.text : undefined),
    (_, text) => ({ outcome: 'read', text }),
  ),
  { name: 'refused', breaks: 'form', apply: () => ({ outcome: 'refused' }) },
  { name: 'a folder', breaks: 'form', apply: () => ({ outcome: 'failed', detail: 'EISDIR' }) },
  { name: 'an error of the disk', breaks: 'form', apply: () => ({ outcome: 'failed', detail: 'EIO' }) },
  { name: 'too large', breaks: 'form', apply: () => ({ outcome: 'failed', detail: 'it is larger than 1 MiB' }) },
  {
    name: 'empty',
    breaks: 'form',
    apply: (result) => (result.outcome === 'read' ? { outcome: 'read', text: '' } : nothing),
  },
  {
    name: 'absent',
    breaks: 'meaning',
    apply: (result) => (result.outcome === 'absent' ? nothing : { outcome: 'absent' }),
  },
];

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

/** By the kind of question, what its answer may turn into. Another type of the same answer is checked by the compiler only. */
const byKind: { [Kind in Call['what']]: readonly Mutation<Extract<Call, { what: Kind }>['answer']>[] } = {
  run: commands,
  readFile: files,
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
    ...within<Extract<Call, { what: 'readLink' }>['answer']>(
      (link) => (link.outcome === 'read' ? link.target : undefined),
      (_, target) => ({ outcome: 'read', target }),
    ).map((mutation) => ({ ...mutation, breaks: 'meaning' as const })),
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

export interface Spoilt {
  call: Call;
  mutation: Pick<Mutation<unknown>, 'name' | 'breaks'>;
}

/** What some question was answered, so that it can stand in another one's place. */
export interface OtherAnswer {
  of: string;
  text: string;
}

/** The text of an answer, where it is one. */
export function textOf(call: Call): OtherAnswer | undefined {
  const { of } = call;
  if (call.what === 'run' && call.answer.outcome === 'exited') return { of, text: call.answer.stdout };
  return call.what === 'readFile' && call.answer.outcome === 'read' ? { of, text: call.answer.text } : undefined;
}

/** To the same question on another machine. */
function isTheSame(one: string, other: string): boolean {
  return one === other || (one.startsWith('/') && !one.includes(' ') && basename(one) === basename(other));
}

/** The call with another answer, or undefined where the chosen mutation has nothing to bite into. */
export function spoil(call: Call, which: number, bite: Bite, all: readonly OtherAnswer[]): Spoilt | undefined {
  const others = (from: number) => {
    const turned = all.length === 0 ? 0 : from % all.length;
    const isOther = ({ of }: OtherAnswer) => !isTheSame(of, call.of);
    return (all.slice(turned).find(isOther) ?? all.find(isOther))?.text;
  };
  const mutation = oneOf<Mutation<never>>(byKind[call.what] as readonly Mutation<never>[], which);
  const answer = mutation?.apply(call.answer as never, bite, others) ?? (mutation === undefined ? nothing : undefined);
  if (mutation === undefined || answer === nothing || isDeepStrictEqual(answer, call.answer)) return undefined;
  return { call: { ...call, answer } as Call, mutation };
}
