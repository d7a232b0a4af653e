import type { Plist, PlistDate, PlistDict } from './plist.ts';

const deepest = 32;
const mostTokens = 400_000;
/** XML has no place for these, not even escaped: what holds one was spoilt, or is UTF-16. */
const noXml = /(?![\t\n\r\u0085])\p{Cc}|\p{Cs}/u;

type Token = { kind: 'open' | 'close' | 'empty'; name: string } | { kind: 'text'; text: string };

/**
 * Reads a property list in XML. Undefined for anything else, for one that is cut off, and for one that declares
 * entities of its own, which nothing of Apple's does and which can be made to grow without end.
 */
export function parsePlist(text: string): Plist | undefined {
  const tokens = noXml.test(text) ? undefined : tokenise(text);
  return tokens && new Reader(tokens).readDocument();
}

function tokenise(text: string): Token[] | undefined {
  const pattern = /<(\/?)([A-Za-z]{1,16})(?:\s[^<>/]{0,200})?(\/?)>|<[?!][^<>[]{0,500}>|([^<]+)/y;
  const tokens: Token[] = [];
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null || tokens.length >= mostTokens) return undefined;
    const [, close, name, empty, words] = match;
    if (words !== undefined) tokens.push({ kind: 'text', text: words });
    else if (name !== undefined) tokens.push({ kind: close ? 'close' : empty ? 'empty' : 'open', name });
  }
  return tokens;
}

class Reader {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  readDocument(): Plist | undefined {
    if (this.#next(['open', 'plist']) === undefined) return undefined;
    const value = this.#readValue(0);
    if (value === undefined || this.#next(['close', 'plist']) === undefined) return undefined;
    this.#skipBlank();
    return this.#at === this.#tokens.length ? value : undefined;
  }

  #readValue(depth: number): Plist | undefined {
    const token = this.#next();
    if (token === undefined || token.kind === 'text' || token.kind === 'close' || depth > deepest) return undefined;
    if (token.kind === 'empty') return emptyValues.get(token.name)?.();
    if (token.name === 'dict') return this.#readDict(depth);
    if (token.name === 'array') return this.#readArray(depth);
    const text = this.#readText(token.name);
    return text === undefined ? undefined : scalars.get(token.name)?.(text);
  }

  #readDict(depth: number): PlistDict | undefined {
    const dict = new Map<string, Plist>();
    while (this.#next(['close', 'dict']) === undefined) {
      const key = this.#next(['open', 'key']) && this.#readText('key');
      const value = key === undefined ? undefined : this.#readValue(depth + 1);
      if (key === undefined || value === undefined) return undefined;
      dict.set(key, value);
    }
    return dict;
  }

  #readArray(depth: number): Plist[] | undefined {
    const values: Plist[] = [];
    while (this.#next(['close', 'array']) === undefined) {
      const value = this.#readValue(depth + 1);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  /** What stands up to the end of an element that holds no others. */
  #readText(name: string): string | undefined {
    let text = '';
    for (let token = this.#tokens[this.#at]; token?.kind === 'text'; token = this.#tokens[this.#at]) {
      text += token.text;
      this.#at += 1;
    }
    return this.#next(['close', name]) && decode(text);
  }

  /** The next token that is not blank; with a wish, only where it is the one wished for. */
  #next(wish?: readonly ['open' | 'close', string]): Token | undefined {
    this.#skipBlank();
    const token = this.#tokens[this.#at];
    const isWished = wish === undefined || (token?.kind === wish[0] && token.name === wish[1]);
    if (token === undefined || !isWished) return undefined;
    this.#at += 1;
    return token;
  }

  #skipBlank(): void {
    for (let token = this.#tokens[this.#at]; token?.kind === 'text'; token = this.#tokens[this.#at]) {
      if (token.text.trim() !== '') return;
      this.#at += 1;
    }
  }
}

const emptyValues = new Map<string, () => Plist>([
  ['true', () => true],
  ['false', () => false],
  ['string', () => ''],
  ['data', () => null],
  ['dict', () => new Map()],
  ['array', () => []],
]);

const scalars = new Map<string, (text: string) => Plist | undefined>([
  ['string', (text) => text],
  ['data', () => null],
  ['true', (text) => (text === '' ? true : undefined)],
  ['false', (text) => (text === '' ? false : undefined)],
  ['integer', (text) => (/^[+-]?\d{1,20}$/.test(text.trim()) ? Number(text) : undefined)],
  ['real', (text) => (/^[+-]?[\d.]{1,40}(?:e[+-]?\d{1,4})?$/i.test(text.trim()) ? finite(Number(text)) : undefined)],
  ['date', (text) => dateOf(text.trim())],
]);

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function dateOf(text: string): PlistDate | undefined {
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : { instant };
}

const named = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decode(text: string): string | undefined {
  let isKnown = true;
  const decoded = text.replace(/&([^;&]{0,10});?/g, (whole, name: string) => {
    const number = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(name);
    const code = number === null ? undefined : Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 16 : 10);
    const character = code !== undefined && code <= 0x10_ff_ff ? String.fromCodePoint(code) : named.get(name);
    isKnown &&= character !== undefined && whole.endsWith(';');
    return character ?? '';
  });
  return isKnown ? decoded : undefined;
}
