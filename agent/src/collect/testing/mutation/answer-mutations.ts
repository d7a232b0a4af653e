import type { CommandResult, FileResult } from '../../system.ts';
import { jsonMutations } from './json-mutations.ts';
import { nothing, type Mutation } from './mutation.ts';
import { textMutations } from './text-mutations.ts';

const onText = [...textMutations, ...textMutations, ...jsonMutations];
const codes = [1, 2, 100, 126, 127, 137, 255, -1];

/** Text mutations as those of what holds a text. */
export function within<Answer>(
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

export const commandMutations: readonly Mutation<CommandResult>[] = [
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

export const fileMutations: readonly Mutation<FileResult>[] = [
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
