import { type Message, pageOf } from './message.ts';
import { defuse, escapeSlack, line, plain } from './text.ts';

/** Limits of Slack's Block Kit. */
const most = { header: 150, field: 2000, fields: 10, section: 3000, text: 3000 };

/**
 * What an incoming webhook of Slack takes. Everything is plain text, so that nothing in it is markup, and escaped besides.
 * A channel has no person: it gets the link to the console, and never one that decides.
 */
export function slackBody(message: Message, issuer: string): string {
  const { title, facts, text } = message;
  const plainText = (given: string, max: number) => ({
    type: 'plain_text',
    text: escapeSlack(given, max),
    emoji: false,
  });
  const fields = facts
    .slice(0, most.fields)
    .map(({ label, value }) => plainText(`${label}: ${defuse(line(value, most.field))}`, most.field));
  const why = text === null ? '' : defuse(plain(text).trim());
  return JSON.stringify({
    // Shown in notifications; parse and link_names keep Slack from making pings and links of names.
    text: escapeSlack(defuse(line(title, most.text)), most.text),
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plainText(defuse(line(title, most.header)), most.header) },
      ...(fields.length === 0 ? [] : [{ type: 'section', fields }]),
      ...(why === '' ? [] : [{ type: 'section', text: plainText(`“${why}”`, most.section) }]),
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            text: { type: 'plain_text', text: 'Open in Postern', emoji: false },
            url: pageOf(message, issuer),
          },
        ],
      },
    ],
  });
}
