// Tabs and line ends are text. The rest is invisible, or turns the direction of writing.
const controls = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text without characters that control anything. Line ends are `\n`. */
export function plain(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(controls, '');
}

/** One line of it, at most `max` characters: for a subject, a header, a name. */
export function line(text: string, max: number): string {
  return cut(plain(text).replaceAll(/\s+/g, ' ').trim(), max);
}

/** The first `max` UTF-16 units, with a mark where something is missing. Never half a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/**
 * So that no program makes a link of an address that a person wrote: who reads it sees it whole. Programs that show mail
 * make links of `evil.example` and `a@b.example` too.
 */
export function defuse(text: string): string {
  return text
    .replaceAll(/:\/\//g, ': //')
    .replaceAll(/\b(mailto|tel|www)([:.])/gi, '$1 $2')
    .replaceAll(/(?<=[\p{L}\p{N}_-])([.\u3002\uff0e\uff61])(?=[\p{L}]{2})/gu, '$1 ');
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => htmlEntities[character] ?? '');
}

/**
 * Slack takes `<!channel>`, `<@U1>` and `<https://x|y>` for pings and links, so its three control characters are escaped,
 * and that before it is cut: a cut text cannot end in half an escape, nor turn one into something else.
 */
export function escapeSlack(text: string, max: number): string {
  const escaped = text.replaceAll(/[&<>]/g, (character) => htmlEntities[character] ?? '');
  if (escaped.length <= max) return escaped;
  return `${escaped
    .slice(0, max - 1)
    .replace(/&[a-z]*$/, '')
    .replace(/[\ud800-\udbff]$/, '')}…`;
}
