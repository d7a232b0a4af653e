import { oneOf, type Bite, type TextMutation } from './mutation.ts';
import { huge, noise, number, numbers, size, strange, strangers } from './strange-texts.ts';

/** Everywhere but at the end of a line, behind the first character and before the last one that is not blank. */
function insideALine(text: string, where: number): number | undefined {
  const end = text.trimEnd().length;
  if (end < 2) return undefined;
  const at = 1 + (where % (end - 1));
  return text[at] === '\n' || text[at - 1] === '\n' || text[at] === '\r' ? undefined : at;
}

/** Lines, each with its own end. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function replaceOne(text: string, pattern: RegExp, where: number, by: (found: string) => string): string | undefined {
  const found = oneOf([...text.matchAll(pattern)], where);
  if (found === undefined) return undefined;
  return text.slice(0, found.index) + by(found[0]) + text.slice(found.index + found[0].length);
}

function put(text: string, { where, how }: Bite, pieces: readonly string[]): string | undefined {
  const at = where % (text.length + 1);
  const piece = oneOf(pieces, how);
  return piece === undefined ? undefined : text.slice(0, at) + piece + text.slice(at);
}

/** The text without the character there, or with another one in its place. */
function exchange(text: string, { where, how }: Bite, pieces: readonly string[]): string | undefined {
  const at = text.length === 0 ? undefined : where % text.length;
  const piece = oneOf(pieces, how);
  return at === undefined || piece === undefined ? undefined : text.slice(0, at) + piece + text.slice(at + 1);
}

function isStructured(text: string): boolean {
  return /^\s*[{[<]/.test(text);
}

/** What becomes of text: on its way, by a tool that stops early, or by another tool in its place. */
export const textMutations: readonly TextMutation[] = [
  {
    name: 'cut inside a line',
    breaks: 'form',
    apply: (text, { where }) => {
      const at = insideALine(text, where);
      return at === undefined ? undefined : text.slice(0, at);
    },
  },
  {
    name: 'cut at a line end',
    breaks: 'form',
    apply: (text, { where }) => {
      const lines = linesOf(text.trimEnd());
      return lines.length < 2 ? undefined : lines.slice(0, 1 + (where % (lines.length - 1))).join('');
    },
  },
  {
    name: 'beginning lost inside a line',
    breaks: 'meaning',
    apply: (text, { where }) => {
      const at = insideALine(text, where);
      return at === undefined ? undefined : text.slice(at);
    },
  },
  { name: 'a strange character put in', breaks: 'form', apply: (text, bite) => put(text, bite, strange) },
  { name: 'a character spoilt', breaks: 'form', apply: (text, bite) => exchange(text, bite, strange) },
  { name: 'a byte order mark', breaks: 'form', apply: (text) => `\ufeff${text}` },
  {
    name: 'other line ends',
    breaks: 'form',
    apply: (text, { how }) =>
      text.includes('\n') ? text.replace(/\r?\n/g, ['\r\n', '\r', '\n\n', '\r\r\n'][how % 4] ?? '') : undefined,
  },
  { name: 'UTF-16 read as UTF-8', breaks: 'form', apply: (text) => text.replace(/[^]/gu, '$&\0') },
  { name: 'something else in its place', breaks: 'form', apply: (_, { how }) => oneOf(strangers, how) },
  { name: 'another answer in its place', breaks: 'form', apply: (_, { how }, others) => others(how) },
  {
    name: 'noise between the lines',
    breaks: 'form',
    apply: (text, { where, how }) => {
      const lines = linesOf(text);
      return lines.toSpliced(where % (lines.length + 1), 0, noise[how % noise.length] ?? '').join('');
    },
  },
  {
    name: '300 KB of garbage',
    breaks: 'form',
    apply: (text, { where, how }) => {
      const unit =
        ['A', ' ', '\n', '\t', ' \n', '(', '\\', '"', '<a ', '[x]\n', '0', '=', '\r\n', '\u0000\ufffd'][how % 14] ?? '';
      const garbage = unit.repeat(Math.ceil(size / unit.length));
      const at = where % (text.length + 1);
      return [garbage, text + garbage, garbage + text, text.slice(0, at) + garbage + text.slice(at)][(where >> 4) % 4];
    },
  },
  {
    name: 'said again until it is 300 KB',
    breaks: 'form',
    apply: (text) => (text.length === 0 ? undefined : text.repeat(Math.min(Math.ceil(size / text.length), 3000))),
  },
  {
    name: 'a number that is none',
    breaks: 'form',
    apply: (text, { where, how }) => replaceOne(text, number, where, () => numbers[how % numbers.length] ?? ''),
  },
  {
    name: 'leading zeros',
    breaks: 'form',
    apply: (text, { where, how }) => replaceOne(text, number, where, (found) => '0'.repeat(1 + (how % 20)) + found),
  },
  {
    name: 'a line twice',
    breaks: 'form',
    apply: (text, { where }) => {
      const lines = linesOf(text);
      const at = where % lines.length;
      return isStructured(text) ? undefined : lines.toSpliced(at, 0, lines[at] ?? '').join('');
    },
  },
  {
    name: 'other letter case',
    breaks: 'form',
    apply: (text, { where, how }) => {
      if (how % 3 === 0) return text.toUpperCase();
      if (how % 3 === 1) return text.toLowerCase();
      return replaceOne(text, /[A-Za-z]/g, where, (found) =>
        found === found.toLowerCase() ? found.toUpperCase() : found.toLowerCase(),
      );
    },
  },
  {
    name: 'a line missing',
    breaks: 'meaning',
    apply: (text, { where }) => {
      const lines = linesOf(text);
      return lines.length < 2 ? undefined : lines.toSpliced(where % lines.length, 1).join('');
    },
  },
  {
    name: 'lines in another order',
    breaks: 'meaning',
    apply: (text, { where, how }) => {
      const lines = linesOf(text);
      const [one, other] = [where % lines.length, how % lines.length];
      if (lines[one] === lines[other]) return undefined;
      return lines
        .with(one, lines[other] ?? '')
        .with(other, lines[one] ?? '')
        .join('');
    },
  },
  {
    name: 'another digit or letter',
    breaks: 'meaning',
    apply: (text, { where, how }) =>
      replaceOne(text, /[A-Za-z0-9]/g, where, (found) =>
        /\d/.test(found) ? `${how % 10}` : ('noyestrue'[how % 9] ?? ''),
      ),
  },
  {
    name: 'another number',
    breaks: 'meaning',
    apply: (text, { where, how }) => replaceOne(text, number, where, () => huge[how % huge.length] ?? ''),
  },
];
