import type { ExceptionView } from '@postern/shared/protocol/exception';
import { deciders } from '../../app/roles.ts';
import { useIs, useMe } from '../../app/session.tsx';
import { EndButton } from '../mine/end-button.tsx';
import { RevokeButton } from './revoke-button.tsx';

const granted: ReadonlySet<string> = new Set(['active', 'approved', 'scheduled']);

/** In a list: ends what was granted, where whoever looks may. One's own is given back, everybody else's is revoked. */
export function EndHere({ exception }: { exception: ExceptionView }) {
  const { id } = useMe();
  const isDecider = useIs(...deciders);
  if (!granted.has(exception.state)) return null;
  if (exception.person.id === id) return <EndButton exception={exception} />;
  return isDecider ? <RevokeButton exception={exception} /> : null;
}
