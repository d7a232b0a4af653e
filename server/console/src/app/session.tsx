import { createContext, type ReactNode, use } from 'react';
import type { z } from 'zod';
import type { Role } from '@postern/shared/protocol/admin';
import type { meSchema } from '@postern/shared/protocol/me';

/** Who is signed in, as the backend says. */
export type Me = z.output<typeof meSchema>;

const SessionContext = createContext<Me | undefined>(undefined);

/** Hands down who is signed in. */
export function Session({ me, children }: { me: Me; children: ReactNode }) {
  return <SessionContext value={me}>{children}</SessionContext>;
}

/** Who is signed in. Only below Session, which all screens are but those of who is not. */
export function useMe(): Me {
  const me = use(SessionContext);
  if (me === undefined) throw new Error('nobody is signed in here');
  return me;
}

/** Whether they have one of these roles. It hides what would be refused; the backend decides. */
export function useIs(...roles: readonly Role[]): boolean {
  return useMe().roles.some((role) => roles.includes(role));
}
