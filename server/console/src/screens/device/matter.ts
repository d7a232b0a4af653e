import type { DeviceDetail } from '@postern/shared/protocol/admin';
import { t } from '../../strings/index.ts';

const words = t.device.matter;

/** A sentence that says what is the matter with a device, and one that says what to do. */
export function matterOf({ state, quarantine, status, verdict }: DeviceDetail): string {
  if (state === 'retired') return words.retired;
  if (quarantine !== null) return words.quarantine;
  if (state === 'pending') return words.pending;
  if (state === 'suspended') return words.suspended;
  if (status === 'never-attested') return words.neverAttested;
  if (status === 'stale') return words.stale;
  if (status === 'compliant') return words.compliant;
  const because = new Set(verdict?.because);
  const titles = verdict?.rules.filter(({ policy, rule }) => because.has(`${policy}/${rule}`)) ?? [];
  const said = titles.map(({ title }) => title).join(', ');
  return status === 'grace' ? words.grace(said) : words.blocked(said);
}
