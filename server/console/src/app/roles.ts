import type { deciderRoles, readerRoles, Role } from '@postern/shared/protocol/admin';

// Types only: the schemas beside these lists would bring their library into the first load.

/** Who reads what concerns everybody. */
export const readers = ['admin', 'approver', 'auditor'] as const satisfies typeof readerRoles;
/** Who decides requests. */
export const deciders = ['approver', 'admin'] as const satisfies typeof deciderRoles;
/** Who reads the record, and what goes out to other systems. */
export const keepers = ['admin', 'auditor'] as const satisfies readonly Role[];
