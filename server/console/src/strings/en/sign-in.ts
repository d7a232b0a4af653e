import * as terms from './terms.ts';

/** By the codes of refusals that bring a browser back from a provider. */
const problems: Readonly<Record<string, string>> = {
  sign_in_lost: 'This sign-in was begun in another browser, too long ago, or is over already. Begin again.',
  sign_in_refused: 'The identity provider did not sign you in. Try again, or ask an admin for a sign-in link.',
  sign_in_unknown_person: 'Your identity provider knows you, but nobody here is you. Ask an admin to add you.',
  identity_provider_unavailable:
    'The identity provider does not answer now. Try again shortly, or sign in another way.',
  too_many_requests: 'Too many sign-ins came from your network. Wait a minute, then try again.',
};

export const signIn = {
  title: 'Sign in',
  lead: 'to Postern',
  passkey: 'Sign in with a passkey',
  noPasskey:
    'No passkey was used: it was cancelled, took too long, or there is none for this place. Try again, or sign in another way.',
  provider: (title: string) => `Sign in with ${title}`,
  or: 'or with a password',
  email: terms.email,
  password: terms.password,
  withPassword: 'Sign in',
  helpTitle: 'Cannot sign in?',
  help: 'Ask an admin for a sign-in link: it works once, and lets you add a passkey or set a password.',
  linkOnly: 'Open the one-time link that an admin gave you, or that the server printed.',
  second: 'One more step: show that it is you.',
  back: 'Begin again',
  opening: 'Signing you in …',
  refused: 'You are not signed in',
  problem: (code: string) => problems[code] ?? 'You were not signed in. Try again, or ask an admin for a sign-in link.',
};
