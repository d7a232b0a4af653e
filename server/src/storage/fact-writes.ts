import type { Change } from './change.ts';
import type { Basis } from './store.ts';

/** A write that facts of devices may follow from. */
export interface FactWrite {
  /** Whose facts: the id of a device or a person; null when anybody's. */
  of: string | null;
  /** Later writes have higher ones. */
  number: number;
}

/** What facts of devices are read from, with the column that says whose they are; null where that is not to be told. */
export const factTables: ReadonlyMap<string, string | null> = new Map([
  ['devices', 'id'],
  ['users', 'id'],
  ['evidence', 'device_id'],
  ['postures', 'device_id'],
  ['exceptions', 'device_id'],
  ['gateways', null],
  ['meta', null],
]);

/** About 100 bytes each. Beyond, the next write counts as everybody's. */
const most = 50_000;

/** Whose facts were written to, and when: so that facts that were read once can be kept for as long as they stand. */
export class FactWrites {
  #last = 0;
  #ofAll = 0;
  readonly #of = new Map<string, number>();

  /** Number of the last write. */
  get last(): number {
    return this.#last;
  }

  add(of: string | null): FactWrite {
    const write = { of, number: this.#last + 1 };
    this.take(write);
    return write;
  }

  take({ of, number }: FactWrite): void {
    this.#last = number;
    if (of !== null && this.#of.size < most) {
      this.#of.set(of, number);
      return;
    }
    this.#ofAll = number;
    this.#of.clear();
  }

  stands({ of, asOf }: Basis): boolean {
    return this.#ofAll <= asOf && of.every((id) => (this.#of.get(id) ?? 0) <= asOf);
  }
}

/** Whose facts a change touches: null when anybody's, undefined when nobody's. */
export function whoseFacts(change: Change): string | null | undefined {
  const column = factTables.get(change.table);
  if (column === undefined || changesNothing(change)) return undefined;
  const named = change.kind === 'insert' ? change.row : change.where;
  // Of all that is in `meta`, facts hold one.
  if (change.table === 'meta' && typeof named['key'] === 'string' && named['key'] !== 'policy_epoch') return undefined;
  const id = column === null ? null : named[column];
  return typeof id === 'string' ? id : null;
}

/** A guard: it looks whether the row is as it was. */
function changesNothing(change: Change): boolean {
  if (change.kind !== 'update') return false;
  return Object.entries(change.set).every(([column, value]) => change.where[column] === value);
}
