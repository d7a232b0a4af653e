import { chainEvent, type ChainHead } from '../../audit/chain.ts';
import type { Random } from '../../random.ts';
import { type Change, insert } from '../change.ts';
import { shapeOf, sqlOf } from '../statement.ts';
import { ConflictError, type Unit } from '../store.ts';
import { WriteError } from '../write-error.ts';
import { readFailure } from './failure.ts';
import { readHead, type Session } from './session.ts';

/** The error of each unit that failed; undefined for those that were committed. */
export type Outcome = (Error | undefined)[];

/**
 * Writes units of any kind in one ordinary transaction, each between savepoints. It locks the chain first, so
 * that no other node can take a number meanwhile. Throws when the transaction as a whole failed.
 */
export async function transaction(
  session: Session,
  units: readonly Unit[],
  random: Pick<Random, 'secret'>,
): Promise<{ outcome: Outcome; head: ChainHead }> {
  await session.query('begin');
  try {
    if (units.some((unit) => unit.audit.length > 0)) await session.query('lock table audit in exclusive mode');
    let head = await readHead(session);
    const outcome: Outcome = [];
    for (const unit of units) {
      await session.query('savepoint unit');
      try {
        head = await writeUnit(session, unit, head, random);
        outcome.push(undefined);
      } catch (error) {
        outcome.push(unitError(error));
        await session.query('rollback to unit');
      }
      await session.query('release unit');
    }
    const { command } = await session.query('commit');
    if (command !== 'COMMIT') throw new WriteError('the transaction was rolled back', '');
    return { outcome, head };
  } catch (error) {
    // A connection that does not answer would not answer this either; whoever gets the error discards it.
    if (readFailure(error).kind !== 'lost') await session.query('rollback').catch(() => {});
    throw error;
  }
}

async function writeUnit(
  session: Session,
  unit: Unit,
  head: ChainHead,
  random: Pick<Random, 'secret'>,
): Promise<ChainHead> {
  for (const [index, change] of unit.changes.entries()) {
    let changed: number;
    try {
      changed = await run(session, change);
    } catch (error) {
      throw readFailure(error).kind === 'key' ? new ConflictError(index) : error;
    }
    if (change.kind !== 'insert' && change.expect === 'one' && changed !== 1) throw new ConflictError(index);
  }
  for (const event of unit.audit) {
    const chained = chainEvent(head, event, () => random.secret());
    await run(session, insert('audit', chained.row));
    if (chained.text !== null) await run(session, insert('audit_texts', chained.text));
    head = chained.head;
  }
  return head;
}

async function run(session: Session, change: Change): Promise<number> {
  const { values } = shapeOf(change);
  const result = await session.query(
    sqlOf(change, (n) => `$${n}`),
    values,
  );
  return result.rowCount ?? 0;
}

/** What the unit's caller hears. Throws on what concerns the transaction and not the unit. */
function unitError(error: unknown): Error {
  if (error instanceof ConflictError) return error;
  const failure = readFailure(error);
  // Not an error of the database: what the program made of the unit, such as an entry that is no JSON.
  if (failure.kind === 'lost' && error instanceof TypeError) return error;
  if (failure.kind === 'lost' || failure.kind === 'again' || failure.kind === 'locked') throw error;
  return new WriteError(failure.message, failure.code);
}
