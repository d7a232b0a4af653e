import type { Role } from '@postern/shared/protocol/admin';

/** Who may decide and revoke whatever others ask for. A manager may besides, where a stage asks for them. */
export const deciderRoles = ['approver', 'admin'] as const satisfies readonly Role[];
