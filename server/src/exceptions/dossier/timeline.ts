import type { Kysely } from 'kysely';
import type { ExceptionEvidence } from '@postern/shared/protocol/evidence';
import { toTimestamp } from '@postern/shared/time';
import type { AuditEntry } from '../../audit/chain.ts';
import type { Database } from '../../storage/database.ts';

const shown = 100;

/**
 * What happened to an exception, oldest first, as the audit log has it.
 *
 * @param isReader whoever is none does not see what others tried and were refused
 */
export async function readTimeline(
  read: Kysely<Database>,
  id: string,
  isReader: boolean,
): Promise<ExceptionEvidence['timeline']> {
  const rows = await read
    .selectFrom('audit')
    .leftJoin('audit_texts', 'audit_texts.seq', 'audit.seq')
    .leftJoin('users', 'users.id', 'audit.actor_id')
    .leftJoin('devices', 'devices.id', 'audit.actor_id')
    .select(['audit.seq', 'audit.at', 'audit.type', 'audit.entry', 'audit_texts.text'])
    .select(['users.name as person_name', 'devices.name as device_name'])
    .where('audit.subject_id', '=', id)
    .orderBy('audit.seq')
    .limit(shown)
    .execute();
  return rows.flatMap((row) => {
    const { outcome, actor, data } = JSON.parse(row.entry) as AuditEntry;
    if (!isReader && outcome === 'failure') return [];
    const { code } = data;
    return [
      {
        seq: row.seq,
        at: toTimestamp(row.at),
        type: row.type,
        outcome,
        actor: { kind: actor.kind, name: row.person_name ?? row.device_name },
        code: typeof code === 'string' ? code : null,
        text: row.text,
      },
    ];
  });
}
