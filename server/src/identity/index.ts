export { type Admins, readAdmins, sameAdmins } from './admins.ts';
export { createApiToken } from './api-tokens.ts';
export { createPersonAuthenticator, type PersonAuthenticator } from './authenticate.ts';
export { hasMoreRoles } from './roles.ts';
export { identityRoutes } from './routes.ts';
export { createSignInLink } from './sign-in-links.ts';
export { createUser, ensureFirstAdmin, findUserByEmail } from './users.ts';
