import type { MyDevice } from '@postern/shared/protocol/my-device';
import { t } from '../../strings/index.ts';

const { said } = t.mine;

type Said = Pick<MyDevice, 'state' | 'status'> & { failing: readonly unknown[]; quarantine: object | null };

/** What is the matter with a device and what to do about it, in a sentence or two. What weighs most is said first. */
export function sayStanding({ state, status, failing, quarantine }: Said, isExcepted: boolean): string {
  if (state !== 'active') return said[state];
  if (quarantine !== null) return said.quarantined;
  switch (status) {
    case 'never-attested':
    case 'stale':
      return said[status];
    case 'non-compliant':
      return said.blocked(failing.length);
    case 'grace':
      return said.grace(failing.length);
    case 'compliant':
      return isExcepted ? said.excepted : said.fine;
  }
}
