const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Value = string | Html | readonly Html[];

/** A piece of a page. What is put in is text, and escaped, unless it is such a piece itself. */
export function html(pieces: TemplateStringsArray, ...values: Value[]): Html {
  const rest = pieces.slice(1).map((piece, index) => htmlOf(values[index] ?? '') + piece);
  return { html: (pieces[0] ?? '') + rest.join('') };
}

function htmlOf(value: Value): string {
  if (typeof value === 'string') return value.toWellFormed().replaceAll(/[&<>"']/g, (each) => entities[each] ?? '');
  if ('html' in value) return value.html;
  return value.map((each) => each.html).join('');
}
