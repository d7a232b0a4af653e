import { hash as digest } from 'node:crypto';
import { canonicalJson, type Json } from '@postern/shared/canonical';
import type { AuditEntry } from '../chain.ts';
import { type Exported, type ExportedLog, type Format, severityOf, textIn } from './entry.ts';
import { activityName, classOf, type OcsfClass } from './ocsf-class.ts';

interface JsonObject {
  [name: string]: Json;
}

const userTypes: Readonly<Record<string, number>> = { person: 1, system: 3, gateway: 4 };
const sha256Id = 3;
const hexId = 1;
const jcsId = 2;

/**
 * Events of OCSF 1.9, one JSON object a line, with its record-integrity profile: the fingerprint of each is over the event
 * itself in canonical form (RFC 8785) without the fingerprint, and names that of the event before. The entry as Postern
 * hashed it is `raw_data`, with its hash: that one is proven by the chain and the checkpoints.
 */
export const ocsf: Format = {
  mediaType: 'application/x-ndjson; charset=utf-8',
  extension: 'ocsf.jsonl',
  head: '',
  writer: (log) => {
    let previous: { uid: string; type_uid: Json; fingerprint: JsonObject } | undefined;
    return (exported) => {
      const event = toEvent(exported, log);
      const attestation: JsonObject = {
        authority_uid: log.origin,
        chain_uid: `${log.chainId}/${log.scope}`,
        ...(previous === undefined ? {} : { prev_event: previous }),
      };
      // What is fingerprinted holds the attestation too, but not its fingerprint.
      const value = digest('sha256', canonicalJson({ ...event, attestation_list: [attestation] }));
      const fingerprint = fingerprintOf(value);
      previous = { uid: String(exported.entry.seq), type_uid: event['type_uid'] ?? 0, fingerprint };
      return `${JSON.stringify({ ...event, attestation_list: [{ ...attestation, fingerprint }] })}\n`;
    };
  },
};

function fingerprintOf(value: string): JsonObject {
  return {
    algorithm: 'SHA-256',
    algorithm_id: sha256Id,
    encoding_id: hexId,
    serialization: 'JCS',
    serialization_id: jcsId,
    value,
  };
}

function toEvent({ entry, hash, text }: Exported, log: ExportedLog): JsonObject {
  const kind = classOf(entry);
  const raw = canonicalJson(entry);
  const code = textIn(entry.data, 'code');
  return {
    activity_id: kind.activity,
    activity_name: activityName(kind, entry),
    category_uid: kind.category,
    class_uid: kind.class,
    class_name: kind.name,
    type_uid: kind.class * 100 + kind.activity,
    time: entry.at,
    severity_id: severityId(entry),
    ...statusOf(entry, kind),
    ...(code === undefined ? {} : { status_code: code }),
    message: entry.type,
    metadata: {
      version: '1.9.0-dev',
      profiles: ['record_integrity'],
      product: { name: 'Postern', vendor_name: 'Postern', version: log.version },
      uid: String(entry.seq),
      sequence: entry.seq,
      log_name: log.origin,
    },
    raw_data: raw,
    raw_data_hash: fingerprintOf(Buffer.from(hash, 'base64url').toString('hex')),
    unmapped: {
      subject: entry.subject,
      actor_kind: entry.actor.kind,
      data: entry.data,
      ...(text === null ? {} : { text }),
    },
    ...actorOf(entry, kind),
    ...factsOf(entry, kind, text),
  };
}

/** 1 informational, 3 medium, 4 high. */
function severityId(entry: AuditEntry): number {
  const severity = severityOf(entry);
  return severity >= 7 ? 4 : severity >= 5 ? 3 : 1;
}

/**
 * A finding has statuses of its own. OCSF says of a suppressed one that it was looked at and found benign; here it says that
 * an exception covers it, and `status_detail` says so.
 */
function statusOf({ outcome, data }: AuditEntry, kind: OcsfClass): JsonObject {
  if (kind.class !== 2003)
    return { status_id: outcome === 'success' ? 1 : 2, status: outcome === 'success' ? 'Success' : 'Failure' };
  const excepted =
    textIn(data, 'status') === 'excepted' || (Array.isArray(data['exceptions']) && data['exceptions'].length > 0);
  if (excepted)
    return { status_id: 3, status: 'Suppressed', status_detail: 'An exception covers what the device fails' };
  return textIn(data, 'status') === 'compliant'
    ? { status_id: 4, status: 'Resolved' }
    : { status_id: 1, status: 'New' };
}

function userOf({ kind, id }: { kind: string; id: string | null }): JsonObject {
  return { uid: id ?? kind, type_id: userTypes[kind] ?? 99, ...(kind in userTypes ? {} : { type: kind }) };
}

/** Findings have no actor. */
function actorOf({ actor }: AuditEntry, { class: classUid }: OcsfClass): JsonObject {
  return classUid === 2003 || classUid === 0 ? {} : { actor: { user: userOf(actor) } };
}

/** What the class asks for. */
function factsOf(entry: AuditEntry, { class: classUid }: OcsfClass, text: string | null): JsonObject {
  const { actor, subject, data, type } = entry;
  const concerned = subject?.kind === 'person' ? userOf(subject) : userOf(actor);
  const device = { uid: textIn(data, 'device') ?? subject?.id ?? actor.id ?? 'unknown', type_id: 0 };
  switch (classUid) {
    case 3004:
      return {
        entity: { uid: subject?.id ?? type, type: subject?.kind ?? 'unknown', type_id: 99 },
        ...(text === null ? {} : { comment: text }),
      };
    case 3003:
      return {
        user: userOf({ kind: 'person', id: textIn(data, 'person') ?? actor.id }),
        privileges: [textIn(data, 'resource') ?? 'unknown'],
        session: { uid: subject?.id ?? 'none' },
      };
    case 3002:
      return { user: concerned, service: { name: 'Postern' } };
    case 3007:
      return { user: concerned };
    case 2003:
      return {
        finding_info: { uid: subject?.id ?? String(entry.seq), title: type },
        compliance: { standards: ['Postern'], status_id: textIn(data, 'status') === 'compliant' ? 1 : 3 },
        device,
      };
    case 5019:
      return { device };
    default:
      return {};
  }
}
