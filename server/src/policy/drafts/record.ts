import type { PolicyDraftAction, PolicyDraftState } from '@postern/shared/protocol/policy-draft';
import type { Instant } from '@postern/shared/time';
import type { Database } from '../../storage/database.ts';

type Row = Database['policy_drafts'];

/** A draft as it is decided on. */
export interface DraftRecord {
  id: string;
  action: PolicyDraftAction;
  /** The policy that its document names; null while that cannot be read. */
  policy: string | null;
  document: string;
  documentHash: string;
  note: string | null;
  state: PolicyDraftState;
  /** The version that was in force when it was last edited; 0: none. */
  baseVersion: number;
  createdBy: string;
  createdAt: Instant;
  /** Everybody who wrote any of it, its creator first. */
  authors: readonly string[];
  editedBy: string;
  editedAt: Instant;
  submittedAt: Instant | null;
  decidedBy: string | null;
  decidedAt: Instant | null;
  publishedVersion: number | null;
  version: number;
}

export function recordOf(row: Row): DraftRecord {
  return {
    id: row.id,
    action: row.action as PolicyDraftAction,
    policy: row.name,
    document: row.document,
    documentHash: row.document_hash,
    note: row.note,
    state: row.state as PolicyDraftState,
    baseVersion: row.base_version,
    createdBy: row.created_by,
    createdAt: row.created_at,
    authors: JSON.parse(row.authors) as string[],
    editedBy: row.edited_by,
    editedAt: row.edited_at,
    submittedAt: row.submitted_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    publishedVersion: row.published_version,
    version: row.version,
  };
}

export function rowOf(record: DraftRecord): Row {
  return {
    id: record.id,
    action: record.action,
    name: record.policy,
    document: record.document,
    document_hash: record.documentHash,
    note: record.note,
    state: record.state,
    base_version: record.baseVersion,
    created_by: record.createdBy,
    created_at: record.createdAt,
    authors: JSON.stringify(record.authors),
    edited_by: record.editedBy,
    edited_at: record.editedAt,
    submitted_at: record.submittedAt,
    decided_by: record.decidedBy,
    decided_at: record.decidedAt,
    published_version: record.publishedVersion,
    version: record.version,
  };
}
