import { IconBan, IconCheck } from '@tabler/icons-react';
import { t } from '../../strings/index.ts';
import { Sign } from '../sign.tsx';

/** Whether it was done or refused. */
export function OutcomeSign({ outcome }: { outcome: 'success' | 'failure' }) {
  const look = outcome === 'success' ? { color: 'gray', icon: IconCheck } : { color: 'red', icon: IconBan };
  return <Sign {...look} label={t.audit.outcomes[outcome]} />;
}
