import type { AuditEventType } from './audit/event.ts';
import type { Store, Unit } from './storage/store.ts';

/** Says on this node, as soon as it is durable, that something of a kind was committed. */
export interface CommitNews {
  /** The same store, whose commits are told of. */
  tellOf(store: Store): Store;
  /** @param listener must return at once, and must not throw */
  on(types: Iterable<AuditEventType>, listener: () => void): void;
  /** Of everything, whole. @param listener must return at once, and must not throw */
  onUnit(listener: (unit: Unit) => void): void;
  /** Of evidence of a device, of which the audit says nothing as long as it says what it did before. */
  onEvidence(listener: (deviceId: string) => void): void;
}

/**
 * A hint and no more: what another node, a command or a process that died committed is told of by nobody. Whoever listens
 * also looks from time to time.
 */
export function createCommitNews(): CommitNews {
  const listeners = new Map<AuditEventType, (() => void)[]>();
  const evidenceListeners: ((deviceId: string) => void)[] = [];
  const unitListeners: ((unit: Unit) => void)[] = [];
  return {
    tellOf: (store) => ({
      kind: store.kind,
      read: store.read,
      keeping: store.keeping,
      roundTrips: () => store.roundTrips(),
      check: () => store.check(),
      close: () => store.close(),
      async commit(unit) {
        await store.commit(unit);
        for (const { type } of unit.audit) for (const listener of listeners.get(type) ?? []) listener();
        for (const listener of unitListeners) listener(unit);
        for (const change of unit.changes) {
          if (change.table !== 'evidence') continue;
          const id = (change.kind === 'insert' ? change.row : change.where)['device_id'];
          if (typeof id === 'string') for (const listener of evidenceListeners) listener(id);
        }
      },
    }),
    on(types, listener) {
      for (const type of types) listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    },
    onUnit: (listener) => void unitListeners.push(listener),
    onEvidence: (listener) => void evidenceListeners.push(listener),
  };
}
