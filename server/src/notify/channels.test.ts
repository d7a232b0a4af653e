import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mailBody } from './mail-body.ts';
import type { Message } from './message.ts';
import { slackBody } from './slack-body.ts';
import { standardBody } from './standard-body.ts';
import { defuse, escapeSlack } from './text.ts';

const issuer = 'https://postern.test';
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  {
    weight: 5,
    arbitrary: fc
      .array(
        fc.constantFrom(
          '<',
          '>',
          '&',
          '"',
          "'",
          '\r',
          '\n',
          '\u0000',
          '\u202e',
          '<!channel>',
          '<@U1>',
          '&amp;',
          '&lt',
          'a',
        ),
        { maxLength: 4000 },
      )
      .map((parts) => parts.join('')),
  },
  fc.constantFrom(
    '<!everyone> <https://evil.example|Approve>',
    'Approve: https://evil.example',
    '</td><script>alert(1)</script>',
    'x\r\nBcc: all@example.org\r\n\r\nbody',
    '\u200b@channel\u2066',
    '&'.repeat(3000),
    '😀'.repeat(2000),
  ),
);

const messages = fc
  .record({
    title: hostile,
    facts: fc.array(fc.record({ label: fc.constant('Who'), value: hostile }), { maxLength: 12 }),
    text: fc.option(hostile),
  })
  .map(({ title, facts, text }): Message => ({
    type: 'exception.requested',
    at: 0,
    title,
    facts,
    text,
    subject: { kind: 'exception', id: 'exc_1' },
    person: null,
    device: null,
    data: { note: title },
    decide: null,
  }));
const holds = (check: (message: Message) => void) => fc.assert(fc.property(messages, check), { numRuns: 300 });

/** All strings of a JSON value. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

describe('hostile text', () => {
  test('is no markup, ping or link in Slack, and no cut makes it one', () => {
    holds((message) => {
      const body = JSON.parse(slackBody(message, issuer)) as { text: string; blocks: { type: string }[] };
      for (const text of strings(body)) {
        if (text === `${issuer}/console/#/exceptions/exc_1`) continue;
        assert.doesNotMatch(text, /[<>]|&(?!amp;|lt;|gt;)/);
        assert.doesNotMatch(text, /:\/\//);
      }
      assert.ok(body.blocks.length <= 50);
      assert.equal(JSON.stringify(body).includes('"mrkdwn"'), true);
      assert.equal(strings(body.blocks).includes('mrkdwn'), false);
      const buttons = body.blocks.filter(({ type }) => type === 'actions') as unknown as {
        elements: { url: string }[];
      }[];
      assert.deepEqual(
        buttons.flatMap(({ elements }) => elements.map(({ url }) => url)),
        [`${issuer}/console/#/exceptions/exc_1`],
      );
    });
  });

  test('keeps to the limits of Slack', () => {
    holds((message) => {
      const { blocks } = JSON.parse(slackBody(message, issuer)) as {
        blocks: { type: string; text?: { text: string }; fields?: { text: string }[] }[];
      };
      for (const { type, text, fields } of blocks) {
        assert.ok((text?.text.length ?? 0) <= (type === 'header' ? 150 : 3000));
        assert.ok((fields?.length ?? 0) <= 10 && (fields ?? []).every((field) => field.text.length <= 2000));
      }
    });
  });

  test('is escaped before it is cut', () => {
    assert.equal(escapeSlack('a<b', 4), 'a…');
    assert.equal(escapeSlack('&&', 7), '&amp;…');
    assert.equal(escapeSlack('😀😀', 4), '😀😀');
    assert.equal(escapeSlack('😀😀', 3), '😀…');
  });

  test('makes no link where programs make links of anything that has a dot', () => {
    const linked = /[\p{L}\p{N}_-][.\u3002\uff0e\uff61]\p{L}{2}/u;
    const text = 'evil.example/login or a@evil.example, www.evil.example, EVIL。example; v1.2 at 10.30, e.g. README.md';
    assert.match(text, linked);
    assert.doesNotMatch(defuse(text), linked);
    assert.match(defuse(text), /evil\. example\/login .* v1\.2 at 10\.30, e\.g\. README\. md/);
    assert.equal(defuse('Erin asks for an exception.'), 'Erin asks for an exception.');
  });

  test('is no markup in the HTML of a mail', () => {
    holds((message) => {
      const { html } = mailBody(message, issuer, `${issuer}/console/deny#a.b`);
      const inside = html
        .replaceAll(
          /<\/?(?:html|body|p|strong|table|tr|td|blockquote|br)>|<!doctype html>|<th align="left">|<\/th>/g,
          '',
        )
        .replaceAll(/<a href="https:\/\/postern\.test\/[^"<>]*">|<\/a>/g, '');
      assert.doesNotMatch(inside, /[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
      assert.doesNotMatch(inside, /:\/\//);
    });
  });

  test('makes no line of its own in a mail and no second line of its subject', () => {
    holds((message) => {
      const { subject, text } = mailBody(message, issuer, null);
      assert.doesNotMatch(subject, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      assert.ok(subject.length <= 150);
      assert.doesNotMatch(text, /(?!\n|\t)[\p{Cc}\p{Cf}]/u);
      const own = text.split('\n').filter((line) => !line.startsWith('> '));
      assert.equal(own.filter((line) => line.startsWith('Open it: ')).length, 1);
      assert.deepEqual(
        own.filter((line) => line.includes('://')),
        [`Open it: ${issuer}/console/#/exceptions/exc_1`],
      );
      assert.doesNotMatch(text.replace(`Open it: ${issuer}`, ''), /:\/\//);
    });
  });

  test('leaves the body of a webhook JSON of less than 20 kB', () => {
    holds((message) => {
      const data = { many: Array.from({ length: 50 }, () => message.title) };
      const body = standardBody({ ...message, data });
      assert.ok(Buffer.byteLength(body) < 20_000);
      const parsed = JSON.parse(body) as Record<string, unknown>;
      assert.deepEqual(Object.keys(parsed), ['type', 'timestamp', 'data']);
    });
  });
});
