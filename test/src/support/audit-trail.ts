import assert from 'node:assert/strict';
import type { Api } from './api.ts';

export interface AuditItem {
  seq: number;
  type: string;
  outcome: string;
  subject: { kind: string; id: string } | null;
  data: Record<string, unknown>;
}

/** What the audit log holds, as an auditor reads it over the API. */
export class AuditTrail {
  readonly #auditor: Api;

  constructor(auditor: Api) {
    this.#auditor = auditor;
  }

  /** Number of the last entry. */
  async head(): Promise<number> {
    return (await this.#page('limit=1'))[0]?.seq ?? 0;
  }

  /** Entries after that number, oldest first; not that they were read here. */
  async since(seq: number): Promise<AuditItem[]> {
    return (await this.#page('limit=100')).filter((item) => item.seq > seq && item.type !== 'audit.read').toReversed();
  }

  async #page(query: string): Promise<AuditItem[]> {
    const { status, body } = await this.#auditor.get(`/v1/admin/audit?${query}`);
    assert.equal(status, 200);
    return body['items'] as AuditItem[];
  }
}
