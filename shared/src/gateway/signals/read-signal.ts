import { z } from 'zod';
import { signalTypes, streamSignalTypes } from '../../protocol/signal.ts';
import { type Instant, second } from '../../time.ts';

/** What a signal means for tokens that were issued before. */
export type Ending =
  | { kind: 'token' | 'exception' | 'device' | 'user'; id: string; at: Instant }
  | { kind: 'compliance'; id: string; compliant: boolean; at: Instant }
  | { kind: 'stream'; enabled: boolean }
  | { kind: 'nothing' }
  /** It ends something, and what is not clear: whatever was issued before must be asked about. */
  | { kind: 'unclear' };

const issSubSchema = z.object({ format: z.literal('iss_sub'), iss: z.string(), sub: z.string().max(256) });
const opaqueSchema = z.object({ format: z.literal('opaque'), id: z.string().max(256) });
const memberSchema = z.union([issSubSchema, opaqueSchema, z.looseObject({ format: z.string() })]);
const complexSchema = z.object({
  format: z.literal('complex'),
  device: memberSchema.optional(),
  user: memberSchema.optional(),
  session: memberSchema.optional(),
});
type Member = z.infer<typeof memberSchema>;

export const signalSchema = z.looseObject({
  jti: z.string().min(1).max(128),
  iat: z.number(),
  sub_id: z.looseObject({ format: z.string() }),
  events: z.record(z.string(), z.record(z.string(), z.unknown())),
});
export type Signal = z.infer<typeof signalSchema>;

interface Named {
  device: string | undefined;
  user: string | undefined;
  session: string | undefined;
}

/** Reads the one event of a Security Event Token whose signature was checked. */
export function readSignal({ iat, sub_id, events }: Signal, issuer: string): Ending {
  const [[type, event] = ['', {}]] = Object.entries(events);
  if (type === streamSignalTypes.verification) return { kind: 'nothing' };
  if (type === streamSignalTypes.streamUpdated) return { kind: 'stream', enabled: event['status'] === 'enabled' };
  const subject = subjectOf(sub_id, issuer);
  if (subject === undefined) return { kind: 'unclear' };
  const at = timeOf(event['event_timestamp'], iat);
  switch (type) {
    case signalTypes.complianceChange:
      return complianceOf(subject, event['current_status'], at);
    case signalTypes.sessionRevoked:
      return sessionOf(subject, at);
    case signalTypes.credentialChange:
      // A key that was added ends nothing, and no token leans on a passkey of a person.
      if (event['change_type'] === 'create' || subject.device === undefined) return { kind: 'nothing' };
      return { kind: 'device', id: subject.device, at };
    default:
      return { kind: 'unclear' };
  }
}

function complianceOf({ device }: Named, status: unknown, at: Instant): Ending {
  if (device === undefined) return { kind: 'unclear' };
  return { kind: 'compliance', id: device, compliant: status === 'compliant', at };
}

/** A session that is no token and no exception of ours is taken as everything of its device or person. */
function sessionOf({ device, user, session }: Named, at: Instant): Ending {
  if (session?.startsWith('tok_') === true) return { kind: 'token', id: session, at };
  if (session?.startsWith('exc_') === true) return { kind: 'exception', id: session, at };
  if (device !== undefined) return { kind: 'device', id: device, at };
  return user === undefined ? { kind: 'unclear' } : { kind: 'user', id: user, at };
}

/** Undefined where a member names something in a way that is not understood, or of another issuer. */
function subjectOf(subject: Signal['sub_id'], issuer: string): Named | undefined {
  const complex = complexSchema.safeParse(subject).data;
  if (complex === undefined) return undefined;
  const { device, user, session } = complex;
  const named = { device: nameOf(device, issuer), user: nameOf(user, issuer), session: nameOf(session, issuer) };
  const understood = named.device ?? named.user ?? named.session;
  return understood === undefined ? undefined : named;
}

function nameOf(member: Member | undefined, issuer: string): string | undefined {
  const named = issSubSchema.safeParse(member).data;
  if (named !== undefined) return named.iss === issuer ? named.sub : undefined;
  return opaqueSchema.safeParse(member).data?.id;
}

/** CAEP section 2: seconds. Rounded up to the end of the second that it names, so that no token of that second slips by. */
function timeOf(timestamp: unknown, iat: number): Instant {
  const seconds = typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : iat;
  return Math.ceil(seconds) * second;
}
