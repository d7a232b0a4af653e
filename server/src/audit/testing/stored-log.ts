import { DatabaseSync } from 'node:sqlite';
import { chainEvent } from '../chain.ts';
import { type LogPlan, simulatedEvent } from './made-log.ts';

/**
 * Puts the log of a month, or of a year, into a new SQLite database in one go: through the store it would take minutes.
 *
 * @param databaseUrl sqlite:, migrated, without entries
 */
export function fillStore(databaseUrl: string, plan: Pick<LogPlan, 'entries' | 'seed'>): void {
  const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length));
  try {
    const chain = database.prepare("select value from meta where key = 'chain_id'").get();
    const put = database.prepare(
      'insert into audit (seq, at, type, actor_id, subject_id, entry, hash) values (?, ?, ?, ?, ?, ?, ?)',
    );
    let head = { seq: 0, hash: String(chain?.['value']) };
    database.exec('begin');
    for (let index = 0; index < plan.entries; index += 1) {
      const { text: _, ...event } = simulatedEvent({ ...plan, checkpointEvery: 1 }, index);
      const chained = chainEvent(head, event, () => 'salt');
      ({ head } = chained);
      const { seq, at, type, actor_id: actor, subject_id: subject, entry, hash } = chained.row;
      put.run(seq, at, type, actor, subject, entry, hash);
    }
    database.exec('commit');
  } finally {
    database.close();
  }
}
