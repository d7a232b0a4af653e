import { canonicalJson } from '@postern/shared/canonical';
import { type Exported, type Format, severityOf, textIn } from './entry.ts';

/** Pipes and backslashes are escaped; a header is one line (CEF, "Character Encoding"). */
function header(text: string): string {
  return oneLine(text).replaceAll(/[\\|]/g, String.raw`\$&`);
}

/** Equal signs, backslashes and line ends are escaped. */
function extension(text: string): string {
  return text
    .replaceAll(/[\\=]/g, String.raw`\$&`)
    .replaceAll(/\r\n|[\n\r\u0085\u2028\u2029]/g, String.raw`\n`)
    .replaceAll(/\p{Cc}/gu, ' ');
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function members({ entry, hash, text }: Exported): [name: string, value: string | undefined][] {
  const { seq, at, type, outcome, actor, subject, data, prev } = entry;
  return [
    ['rt', String(at)],
    ['externalId', String(seq)],
    ['act', type],
    ['outcome', outcome],
    ['suid', actor.id ?? undefined],
    ['suser', actor.kind === 'person' ? (actor.id ?? undefined) : undefined],
    ['reason', textIn(data, 'code')],
    ['request', textIn(data, 'resource')],
    ['cs1Label', 'actorKind'],
    ['cs1', actor.kind],
    ['cs2Label', subject === null ? undefined : 'subject'],
    ['cs2', subject === null ? undefined : `${subject.kind}:${subject.id}`],
    ['cs3Label', 'hash'],
    ['cs3', hash],
    ['cs4Label', 'previousHash'],
    ['cs4', prev],
    ['cs5Label', 'data'],
    ['cs5', canonicalJson(data)],
    ['msg', text ?? undefined],
  ];
}

/** ArcSight Common Event Format, version 0: one line an entry. */
export const cef: Format = {
  mediaType: 'text/plain; charset=utf-8',
  extension: 'cef',
  head: '',
  writer:
    ({ version }) =>
    (exported) => {
      const { entry } = exported;
      const said = members(exported).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${extension(value)}`],
      );
      const name = entry.type.replaceAll(/[.-]/g, ' ');
      const head = ['CEF:0', 'Postern', 'postern-server', version, entry.type, name].map(header).join('|');
      return `${head}|${severityOf(entry)}|${said.join(' ')}\n`;
    },
};
