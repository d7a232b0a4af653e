import { Socket } from 'node:net';
import { minute, second } from '@postern/shared/time';
import type { Config } from '../config.ts';
import { isLoopbackHost } from '../loopback.ts';
import type { MailBody } from './mail-body.ts';

const timeoutMs = 15 * second;
/** For all of it: a server that says something now and then is never silent for as long as `timeoutMs`. */
const wholeMs = minute;

/** What came of a mail. `final`: the server says that there is nobody of that address. */
export type MailAttempt = { sent: true } | { sent: false; status: number | null; error: string; final: boolean };

/** One address: nothing in it makes it two, or a command to the server. */
const oneAddress = /^[^\s\p{C},;:<>"()[\]\\@]{1,64}@[^\s\p{C},;:<>"()[\]\\@]{1,253}$/u;

/**
 * How the mail server is spoken to. `smtps://` is TLS from the start; `smtp://` has to become TLS (STARTTLS), unless the
 * server is on this machine or the operator says otherwise in the address (`?ignoreTLS=true`).
 */
export function mailTransport({ mailServer }: Pick<NonNullable<Config['mail']>, 'mailServer'>) {
  const server = new URL(mailServer);
  const mayBePlain = isLoopbackHost(server.hostname) || server.searchParams.get('ignoreTLS') === 'true';
  return {
    url: mailServer,
    ...(server.protocol === 'smtp:' && !mayBePlain ? { requireTLS: true } : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Sends one mail to one address. Does not throw: what went wrong is in the answer. */
export async function sendMail(
  mail: NonNullable<Config['mail']>,
  to: string,
  { subject, text, html }: MailBody,
  messageId: string,
  withinMs = wholeMs,
): Promise<MailAttempt> {
  if (!oneAddress.test(to)) return { sent: false, status: null, error: 'the address is none', final: true };
  const socket = new Socket();
  // Many installations send no mail: the first one loads what it takes.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ ...mailTransport(mail), socket });
  const deadline = setTimeout(() => socket.destroy(), withinMs);
  try {
    await transport.sendMail({
      // As objects: an address is never read as a list of addresses.
      from: { name: 'Postern', address: mail.from },
      to: { name: '', address: to },
      envelope: { from: mail.from, to: [to] },
      subject,
      text,
      html,
      // The same for every attempt, so that a mail that arrived twice can be told.
      messageId: `<${messageId}@${mail.from.split('@')[1] ?? 'localhost'}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    });
    return { sent: true };
  } catch (error) {
    return failure(error);
  } finally {
    clearTimeout(deadline);
    transport.close();
  }
}

/** Kinds of failure only: what the server said may hold addresses, and the address of the server a password. */
function failure(error: unknown): MailAttempt {
  const given =
    error instanceof Error ? (error as Error & { code?: unknown; responseCode?: unknown; command?: unknown }) : {};
  const code = 'code' in given && typeof given.code === 'string' ? given.code : 'unknown';
  const status = 'responseCode' in given && typeof given.responseCode === 'number' ? given.responseCode : null;
  const final = code === 'EENVELOPE' && status !== null && status >= 550 && status < 560;
  return {
    sent: false,
    status,
    error: `the mail server did not take it (${/^[A-Z]{2,30}$/.test(code) ? code : 'unknown'})`,
    final,
  };
}
