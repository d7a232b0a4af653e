import { CatchBoundary, Navigate, useLocation } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
import { useGet } from '../api/queries.ts';
import { Refusal } from '../api/refusal.ts';
import { ScreenNotForYou } from '../parts/not-for-you.tsx';
import { NotYet } from '../parts/not-yet.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { Broken } from './broken.tsx';
import type { Screen } from './screens.ts';
import { type Me, Session } from './session.tsx';
import { Shell } from './shell.tsx';

/** Shows a screen to whoever may see it; who is not signed in is sent to sign in, and comes back. */
export function Gate({ screen, children }: { screen: Pick<Screen, 'roles' | 'open'>; children: ReactNode }) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const content = (
    <CatchBoundary getResetKey={() => path} errorComponent={Broken}>
      <Suspense fallback={<Waiting />}>{children}</Suspense>
    </CatchBoundary>
  );
  return screen.open ? content : <SignedIn screen={screen}>{content}</SignedIn>;
}

function SignedIn({ screen: { roles }, children }: { screen: Pick<Screen, 'roles'>; children: ReactNode }) {
  const { data: me, error, refetch } = useGet<Me>('/v1/me');
  const here = useLocation({ select: ({ href }) => href });
  if (error instanceof Refusal && error.status === 401) {
    // On the way already, and this screen is still there: with each place to come back to it would begin anew, without end.
    if (here.startsWith('/sign-in')) return <Waiting />;
    const search = here === '/' || here === '' ? {} : { to: here };
    return <Navigate to="/sign-in" search={search} replace />;
  }
  if (me === undefined) return <NotYet error={error} refetch={refetch} />;
  const may = roles === undefined || me.roles.some((role) => roles.includes(role));
  return (
    <Session me={me}>
      <Shell>{may ? children : <ScreenNotForYou />}</Shell>
    </Session>
  );
}
