import { type Message, pageOf } from './message.ts';
import { cut, defuse, escapeHtml, line, plain } from './text.ts';

/** A mail, before it is addressed. */
export interface MailBody {
  subject: string;
  text: string;
  html: string;
}

const most = { subject: 150, value: 1000, text: 4000 };

/**
 * A mail about something. What people wrote stands apart, marked as theirs on every line, and makes no link; the links
 * are the server's own.
 *
 * @param denyUrl a page that can deny the request that it is about; null where whoever gets it may not
 */
export function mailBody(message: Message, issuer: string, denyUrl: string | null): MailBody {
  const title = line(message.title, most.subject);
  const facts = message.facts.map(({ label, value }) => ({ label, value: defuse(line(value, most.value)) }));
  const said = message.text === null ? [] : cut(defuse(plain(message.text).trim()), most.text).split('\n');
  const open = pageOf(message, issuer);
  const text = [
    defuse(title),
    '',
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    ...(said.length === 0 ? [] : ['', 'They wrote:', ...said.map((each) => `> ${each}`)]),
    '',
    `Open it: ${open}`,
    ...(denyUrl === null
      ? []
      : [`Deny it: ${denyUrl}`, 'Only you should use that link. To approve, open it and sign in.']),
    '',
  ].join('\n');
  const rows = facts.map(
    ({ label, value }) => `<tr><th align="left">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  const html = [
    '<!doctype html><html><body>',
    `<p><strong>${escapeHtml(defuse(title))}</strong></p>`,
    rows.length === 0 ? '' : `<table>${rows.join('')}</table>`,
    said.length === 0 ? '' : `<p>They wrote:</p><blockquote>${said.map(escapeHtml).join('<br>')}</blockquote>`,
    `<p><a href="${escapeHtml(open)}">Open it</a></p>`,
    denyUrl === null
      ? ''
      : `<p><a href="${escapeHtml(denyUrl)}">Deny it</a>. Only you should use that link. To approve, open it and sign in.</p>`,
    '</body></html>',
  ].join('\n');
  return { subject: title, text, html };
}
