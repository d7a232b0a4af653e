/**
 * The page that a mail to an approver leads to. It asks the backend nothing until somebody presses the button: programs that
 * look at the links in mails deny nothing.
 */
import { call } from './backend.js';
import { entry, entryForm, textField } from './fields.js';
import { element, say, section } from './page.js';

const code = location.hash.slice(1);
// It must not stay in the address bar or the history.
history.replaceState(null, '', location.pathname);

const place = section('deny');

if (code === '') {
  place.append(element('p', 'This address is not whole. Open the link in the mail again.'));
} else {
  const deny = async (entered) => {
    const reason = entry(entered, 'reason');
    await call('POST', '/v1/deny-links', { code, ...(reason === undefined ? {} : { reason }) });
    place.replaceChildren();
    say('The request is denied. Whoever asked is told.');
  };
  place.append(
    element(
      'p',
      'You were asked by mail to decide a request. Here you can deny it, without signing in. To read it first, or to approve it, sign in to the console.',
    ),
    entryForm(
      [textField('reason', 'Why (optional; whoever asked reads it)', { lines: 2, maxLength: 1000 })],
      'Deny this request',
      deny,
      { className: 'danger' },
    ),
  );
}
