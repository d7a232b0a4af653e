import { type AccessTokenClaims, ownerOf } from '@postern/shared/protocol/token';
import type { LiveToken } from '../tokens/index.ts';
import { headerLine, headerList, headerValue } from './header-text.ts';

/**
 * The headers that an application may believe. Every answer carries all of them, empty where there is nothing: what a
 * gateway is not given, it may leave as the client sent it.
 */
export const ownedHeaders = [
  'X-Auth-Request-User',
  'X-Auth-Request-Email',
  'X-Auth-Request-Groups',
  'X-Auth-Request-Device',
  'X-Auth-Request-Owner',
  'X-Auth-Request-Roles',
  'X-Posture-Status',
  'X-Posture-Reason',
] as const;
export type OwnedHeaders = Record<(typeof ownedHeaders)[number], string>;

export const noIdentity = Object.fromEntries(ownedHeaders.map((name) => [name, ''])) as OwnedHeaders;

/** Who asks and how they stand. A person is named only when they were present: otherwise it is a device that asks. */
export function identityOf(claims: AccessTokenClaims, { facts, decision }: LiveToken): OwnedHeaders {
  const isPerson = claims.sub === ownerOf(claims);
  const { owner } = facts;
  return {
    'X-Auth-Request-User': isPerson ? owner.id : '',
    'X-Auth-Request-Email': isPerson ? headerValue(owner.email) : '',
    'X-Auth-Request-Groups': isPerson ? headerList(owner.groups) : '',
    'X-Auth-Request-Device': facts.id,
    'X-Auth-Request-Owner': owner.id,
    'X-Auth-Request-Roles': decision.grant === null ? '' : headerList([decision.grant.role]),
    'X-Posture-Status': decision.verdict.status,
    'X-Posture-Reason': headerLine(warningOf(decision.verdict.rules)),
  };
}

/** Of what must be fixed, what is due first. */
function warningOf(rules: LiveToken['decision']['verdict']['rules']): string {
  const due = rules.filter(({ standing }) => standing === 'grace');
  const [first] = due.toSorted((left, right) => (left.deadline ?? '~').localeCompare(right.deadline ?? '~'));
  if (first === undefined) return '';
  const more = due.length > 1 ? ` (and ${due.length - 1} more)` : '';
  return `${first.title}: fix it by ${first.deadline ?? 'soon'}${more}`;
}
