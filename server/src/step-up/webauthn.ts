/** Loaded when a passkey is used first: with the certificates that it could read it is a sixth of all that a start has to load. */
export const loadWebauthn = () => import('@simplewebauthn/server');

/** Reads parts of what an authenticator answers. */
export const loadWebauthnHelpers = () => import('@simplewebauthn/server/helpers');
