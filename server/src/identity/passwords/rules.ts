/** As short as it may be, in characters as people count them. */
export const shortest = 12;

/** Words that guessing begins with. Digits and signs around them, and letters written as digits, do not make them better. */
const commonWords = [
  'password',
  'passwort',
  'passphrase',
  'motdepasse',
  'contrasena',
  'welcome',
  'willkommen',
  'bienvenue',
  'letmein',
  'changeme',
  'administrator',
  'admin',
  'secret',
  'default',
  'iloveyou',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'superman',
  'batman',
  'trustno',
  'whatever',
  'michael',
  'charlie',
  'master',
  'login',
  'access',
  'correcthorsebatterystaple',
  'spring',
  'summer',
  'autumn',
  'winter',
  'january',
  'february',
  'september',
  'october',
  'november',
  'december',
  'monday',
  'friday',
  'company',
  'computer',
  'internet',
  'samsung',
  'google',
  'microsoft',
  'postern',
];

/** Rows of keys and of the alphabet, which people walk along in both directions. */
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn',
];
const walks = rows.flatMap((row) => [row, Array.from(row).toReversed().join('')]);
const shortestWalk = 4;

/** Letters as people write them with digits and signs. */
const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** What must be left to guess: a letter counts whole, a digit or a sign half, because people put them where others do. */
const enough = 8;

export interface About {
  name: string;
  email: string;
  /** Host of this server. */
  host: string;
}

/**
 * Why a password is too easy to guess; undefined when it is not. Length is what counts (NIST SP 800-63B section 3.1.1.2): no
 * kinds of characters are demanded, but what guessing begins with counts for nothing.
 */
export function flawOfPassword(password: string, about: About): string | undefined {
  const text = Array.from(password.normalize('NFKC'));
  if (text.length < shortest)
    return `must have at least ${shortest} characters: a few words that nobody says together do well`;
  const plain = unitOf(text.map((each) => Array.from(each.toLowerCase())[0] ?? each));
  const personal = known(plain, namesIn(about));
  const common = [known(plain, commonWords), walked(plain), repeated(plain)];
  const left = (without: readonly ReadonlySet<number>[]) =>
    plain.reduce((sum, each, place) => sum + (without.some((set) => set.has(place)) ? 0 : worth(each)), 0);
  if (left(common) < enough)
    return 'must be harder to guess: common words, rows of keys, repetitions and numbers around them count for little';
  if (left([...common, personal]) < enough)
    return 'must not be made of your name, your address or the name of this server';
  return undefined;
}

function worth(character: string): number {
  if (/\p{L}/u.test(character)) return 1;
  return /\s/u.test(character) ? 0 : 0.5;
}

/** What is said twice is said once. */
function unitOf(text: readonly string[]): readonly string[] {
  for (let length = 1; length <= text.length / 2; length += 1)
    if (text.length % length === 0 && text.every((each, place) => each === text[place % length]))
      return text.slice(0, length);
  return text;
}

/** Parts of names that are long enough to be noticed. */
function namesIn({ name, email, host }: About): string[] {
  return [name, email, host]
    .flatMap((text) =>
      text
        .toLowerCase()
        .normalize('NFKC')
        .split(/[^\p{L}\p{N}]+/u),
    )
    .filter((part) => part.length >= 4);
}

/** Places where words stand, however they are spelt. */
function known(text: readonly string[], words: readonly string[]): ReadonlySet<number> {
  const spelt = (all: readonly string[]) => all.map((each) => letters[each] ?? each);
  const places = new Set<number>();
  for (const word of words) for (const place of placesOf(spelt(text), spelt(Array.from(word)))) places.add(place);
  return places;
}

function placesOf(text: readonly string[], part: readonly string[]): number[] {
  return text.flatMap((_each, start) =>
    part.every((letter, place) => text[start + place] === letter) ? part.map((_letter, place) => start + place) : [],
  );
}

/** Places of four or more keys, or letters, in a row. */
function walked(text: readonly string[]): ReadonlySet<number> {
  const places = new Set<number>();
  for (let start = 0; start + shortestWalk <= text.length; start += 1) {
    const step = text.slice(start, start + shortestWalk).join('');
    if (walks.some((walk) => walk.includes(step)))
      for (let place = start; place < start + shortestWalk; place += 1) places.add(place);
  }
  return places;
}

/** Places where a character only says again what the two before it say. */
function repeated(text: readonly string[]): ReadonlySet<number> {
  return new Set(text.flatMap((each, place) => (each === text[place - 1] && each === text[place - 2] ? [place] : [])));
}
