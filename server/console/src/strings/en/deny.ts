export const deny = {
  title: 'Deny a request',
  text: 'You were asked by mail to decide a request. Here you can deny it without signing in.',
  readFirst: 'To read it first, or to approve it, sign in.',
  open: 'To the console',
  reason: 'Why (optional)',
  reasonHint: 'Whoever asked reads it.',
  button: 'Deny this request',
  done: 'The request is denied',
  doneText: 'Whoever asked is told. You can close this page.',
  notWhole: 'This address is not whole',
  notWholeText: 'Open the link in the mail again, all of it.',
};
