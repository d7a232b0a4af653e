import { Fault } from '@postern/shared/protocol/errors';
import type { Database } from '../storage/database.ts';

type Person = Pick<Database['users'], 'id' | 'active' | 'manager_id'>;

/**
 * Refuses a manager who is nobody, who has left, or who stands below the person: in a circle two people would answer for
 * each other.
 *
 * @throws Fault malformed_request, which says why
 */
export function refuseManager(people: readonly Person[], personId: string, managerId: string | null): void {
  if (managerId === null) return;
  const byId = new Map(people.map((person) => [person.id, person]));
  if (byId.get(managerId)?.active !== 1) throw refused('must be somebody who is there and active');
  const seen = new Set<string>();
  for (let above: string | null = managerId; above !== null && !seen.has(above);) {
    if (above === personId) throw refused('must not be the person, or stand below them');
    seen.add(above);
    above = byId.get(above)?.manager_id ?? null;
  }
}

function refused(message: string): Fault {
  return new Fault('malformed_request', { details: [{ path: 'body.manager', message }] });
}
