import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ErrorCode, Fault } from '@postern/shared/protocol/errors';
import type { FailedCheck } from '@postern/shared/protocol/token';
import { failedChecksOf } from './failed-checks.ts';
import { html, type Html } from './html.ts';

const css = readFileSync(fileURLToPath(new URL('denial-page.css', import.meta.url)), 'utf8');
const cssHash = createHash('sha256').update(css).digest('base64');
const style: Html = { html: css };

/** The page is shown under the application's address, where nothing of ours can be loaded from. */
const headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${cssHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

export interface PageAbout {
  issuer: string;
  /** Which device it was; only where it was shown that the caller holds its key. */
  device?: string;
}

/** What a person sees who may not pass: what stands in the way, how to clear it away, and whom to ask. */
export function denialPage(fault: Fault, about: PageAbout): { html: string; headers: Record<string, string> } {
  const { title, steps, lead = fault.message } = wordsFor(fault, about);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${lead}</p>
          ${about.device === undefined ? [] : html`<p>This computer is known as <strong>${about.device}</strong>.</p>`}
          ${checksOf(failedChecksOf(fault))}
          <h2>What you can do</h2>
          <ol>
            ${steps.map((step) => html`<li>${step}</li>`)}
          </ol>
          <p class="soft">
            Access here is decided by Postern at ${new URL(about.issuer).host}. If you ask for help, say
            <code>${fault.code}</code>.
          </p>
        </main>
      </body>
    </html> `;
  return { html: page.html, headers };
}

interface Words {
  title: string;
  steps: Html[];
  /** Where the sentence of the refusal is for programs. */
  lead?: string;
}

const again = html`Then load this page again.`;

function wordsFor(fault: Fault, { issuer }: PageAbout): Words {
  const console = html`<a href="${issuer}/console/" rel="noreferrer">the Postern console</a>`;
  const admin = html`Ask the people who look after the computers where you work.`;
  if (failedChecksOf(fault).length > 0) {
    return {
      title: 'This computer needs a fix first',
      lead: 'It does not meet the rules for this application.',
      steps: [
        html`Do what the list above says. The computer reports by itself within a few minutes.`,
        again,
        html`You cannot fix it now? See what is allowed, and ask for an exception, in ${console}.`,
      ],
    };
  }
  if (fault.code === 'access_required') {
    return {
      title: 'This needs temporary access',
      steps: [html`Ask for it in ${console}, and say what for. Somebody else approves it.`, again],
    };
  }
  if (operators.has(fault.code)) {
    return {
      title: 'This application is not set up right',
      steps: [html`Nothing is wrong with your computer. Tell whoever runs this application what you see here.`],
    };
  }
  if (fault.code === 'posture_insufficient') {
    return {
      title: 'This needs a computer in better order',
      steps: [
        html`The Postern agent reports again and asks anew by itself. Wait a minute.`,
        again,
        html`Does it still say so? See in ${console} what is left to fix.`,
      ],
    };
  }
  if (fault.code === 'address_ambiguous') {
    return {
      title: 'This address is not opened',
      steps: [html`Check the address: it has parts that programs read differently, such as encoded slashes or dots.`],
    };
  }
  if (fault.status >= 500 || fault.status === 429)
    return { title: 'This cannot be checked just now', steps: [html`Wait a minute.`, again] };
  if (fault.status === 403)
    return { title: 'This computer has no access', steps: [html`See why in ${console}.`, admin] };
  return {
    title: 'This opens only to computers that are known',
    steps: [
      html`On a computer of your organisation, go through the Postern agent, which shows who it is. A plain browser
      cannot.`,
      html`Does the agent run, and does it still fail? See how your computer stands in ${console}.`,
      admin,
    ],
  };
}

/** Not the doing of whoever looks at the page. */
const operators: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['gateway_refused', 'gateway_misconfigured']);

function checksOf(checks: readonly FailedCheck[]): Html {
  if (checks.length === 0) return html``;
  return html`<h2>What stands in the way</h2>
    <ul class="checks">
      ${checks.map(checkOf)}
    </ul>`;
}

function checkOf({ rule, title, expected, observed, since, deadline, fix }: FailedCheck): Html {
  return html`<li>
    <strong>${title}</strong>
    <dl>
      <dt>Expected</dt>
      <dd>${expected}</dd>
      ${fact('Found', observed)} ${fact('Since', since === null ? null : timeOf(since))}
      ${fact('Was due', deadline === null ? null : timeOf(deadline))}
      ${
        fix === null
          ? []
          : html`<dt>Fix</dt>
              <dd>${fix.text}${linkOf(fix.link)}</dd>`
      }
      <dt>Rule</dt>
      <dd><code>${rule}</code></dd>
    </dl>
  </li>`;
}

function fact(name: string, value: string | Html | null): Html {
  return value === null
    ? html``
    : html`<dt>${name}</dt>
        <dd>${value}</dd>`;
}

/** Policies name https addresses and places in the settings of a system; nothing else becomes a link. */
function linkOf(link: string | null): Html {
  return link !== null && /^(?:https:\/\/|x-apple\.systempreferences:|ms-settings:)/.test(link)
    ? html` <a href="${link}" rel="noreferrer">Open</a>`
    : html``;
}

function timeOf(timestamp: string): Html {
  return html`<time datetime="${timestamp}">${timestamp.slice(0, 16).replace('T', ' ')} UTC</time>`;
}
