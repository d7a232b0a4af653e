import type { Config } from '../../config.ts';
import { cookieOf, setCookie } from './cookies.ts';

const name = 'postern';

export function sessionCookie({ issuer, session }: Pick<Config, 'issuer' | 'session'>, value: string): string {
  return setCookie(issuer, name, value, session.lifeMs);
}

export function clearedCookie(issuer: string): string {
  return setCookie(issuer, name, '', 0);
}

/** The session of a Cookie header. */
export function sessionOf(issuer: string, cookie: string | undefined): string | undefined {
  return cookieOf(issuer, name, cookie);
}
