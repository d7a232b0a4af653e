/** Colours that the design gives to states. Never the only carrier of a meaning: a sign and a word go with each. */
export type Colour = 'green' | 'amber' | 'red' | 'grey' | 'violet' | 'bold';

export type Paint = (colour: Colour, text: string) => string;

// SGR, from the 16 colours that every terminal's own theme keeps readable.
const codes: Record<Colour, [number, number]> = {
  green: [32, 39],
  amber: [33, 39],
  red: [31, 39],
  grey: [90, 39],
  violet: [35, 39],
  bold: [1, 22],
};

/** Colours for people at a terminal, and for nobody who asked for none (https://no-color.org). */
export function paintFor(output: { isTTY: boolean }, env: Readonly<Record<string, string | undefined>>): Paint {
  const coloured = output.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  if (!coloured) return (_colour, text) => text;
  return (colour, text) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m`;
}
