import type { Role } from '@postern/shared/protocol/admin';

/** Who may approve, deny and revoke. */
export const deciderRoles = ['approver', 'admin'] as const satisfies readonly Role[];
