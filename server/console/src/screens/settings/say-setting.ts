import type { EffectiveSetting } from '@postern/shared/protocol/settings';
import { sayLength } from '../../parts/say-time.ts';
import { t } from '../../strings/index.ts';

const words = t.installation;

/** A setting's value as people say it. */
export function saySetting({ value, isDuration, isSecret }: EffectiveSetting): string {
  if (isSecret) return words.secret;
  if (value === null) return words.notSet;
  if (typeof value === 'boolean') return value ? words.on : words.off;
  if (Array.isArray(value)) return value.length === 0 ? words.emptyList : value.join(', ');
  return isDuration && typeof value === 'number' ? sayLength(value / 1000) : String(value);
}

/** Settings whose names hold these letters. */
export function findSettings(
  settings: readonly EffectiveSetting[],
  { q = '', onlySet }: { q: string | undefined; onlySet: boolean },
): EffectiveSetting[] {
  const wanted = q.toLowerCase();
  return settings.filter(
    ({ variable, file, source }) =>
      (variable.toLowerCase().includes(wanted) || file.includes(wanted)) && (!onlySet || source !== 'default'),
  );
}
