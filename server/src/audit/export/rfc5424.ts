import { canonicalJson } from '@postern/shared/canonical';
import { toTimestamp } from '@postern/shared/time';
import { type ExportedLog, type Exported, type Format, severityOf } from './entry.ts';

/** Log audit (RFC 5424 section 6.2.1). */
const facility = 13;
/** The enterprise number that RFC 5612 keeps for examples: Postern has none of its own. */
const dataId = 'postern@32473';

/** Header fields are printable ASCII without spaces, and bounded (RFC 5424 section 6). */
function field(text: string, longest: number): string {
  const clean = text.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, longest);
  return clean === '' ? '-' : clean;
}

/** Quotation marks, backslashes and closing brackets are escaped (RFC 5424 section 6.3.3); a message is one line. */
function value(text: string): string {
  return text.replaceAll(/["\\\]]/g, String.raw`\$&`).replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

function parameters({ entry, hash, text }: Exported, { chainId }: ExportedLog): [name: string, value: string | null][] {
  const { seq, type, outcome, actor, subject, data, prev } = entry;
  return [
    ['chain', chainId],
    ['seq', String(seq)],
    ['type', type],
    ['outcome', outcome],
    ['actorKind', actor.kind],
    ['actor', actor.id],
    ['subjectKind', subject?.kind ?? null],
    ['subject', subject?.id ?? null],
    ['data', canonicalJson(data)],
    ['text', text],
    ['previousHash', prev],
    ['hash', hash],
  ];
}

/** 5 notice, 4 warning, 2 critical (RFC 5424 section 6.2.1). */
function levelOf(exported: Exported): number {
  const severity = severityOf(exported.entry);
  return severity >= 7 ? 2 : severity >= 5 ? 4 : 5;
}

/** Syslog messages, one a line. The host is the one that the origin of the log names. */
export const rfc5424: Format = {
  mediaType: 'text/plain; charset=utf-8',
  extension: 'log',
  head: '',
  writer: (log) => (exported) => {
    const { entry } = exported;
    const host = field(log.origin.split('/')[0] ?? '', 255);
    const said = parameters(exported, log).flatMap(([name, text]) =>
      text === null ? [] : [`${name}="${value(text)}"`],
    );
    const pri = facility * 8 + levelOf(exported);
    return `<${pri}>1 ${toTimestamp(entry.at)} ${host} ${field('postern', 48)} - ${field(entry.type, 32)} [${dataId} ${said.join(' ')}]\n`;
  },
};
