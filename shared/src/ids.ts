import { z } from 'zod';

/**
 * Every id says what it names: a short prefix and a version 7 UUID without dashes, so that ids
 * sort by the time they were made and cannot be taken for one another in a log or a URL.
 */
export const idPrefixes = {
  device: 'dev',
  user: 'usr',
  exception: 'exc',
  gateway: 'gw',
  enrollment: 'enr',
  enrollmentToken: 'ent',
  adminToken: 'adt',
  attestation: 'att',
  accessToken: 'tok',
  verdict: 'ver',
  policyDraft: 'pdr',
  policyReplay: 'prp',
  brake: 'brk',
  exceptionSet: 'exs',
  templateProposal: 'tpr',
  stepUp: 'sup',
  review: 'rvw',
  webhook: 'whk',
  delivery: 'dlv',
  notice: 'ntc',
  stream: 'str',
  signal: 'sig',
  signIn: 'sgn',
  savedView: 'vew',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Id<K extends IdKind> = string & { readonly __id: K };

/** Schema of one kind of id. The brand keeps a device id from being passed where a user id belongs. */
export function idSchema<K extends IdKind>(kind: K) {
  return z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-9a-f]{32}$`), `must be a ${kind} id`)
    .transform((id) => id as Id<K>)
    .meta({ description: `Id of one ${kind}`, example: `${idPrefixes[kind]}_0197a3f0c2d87b6e9f4c1a2b3c4d5e6f` });
}

/** Turns a UUID (the caller supplies it: randomness is an argument) into an id of the given kind. */
export function toId<K extends IdKind>(kind: K, uuid: string): Id<K> {
  return `${idPrefixes[kind]}_${uuid.replaceAll('-', '')}` as Id<K>;
}
