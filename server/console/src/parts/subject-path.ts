import type { NoticeType } from '@postern/shared/protocol/notice';

const byId: readonly (readonly [id: RegExp, path: (id: string) => string, isForReaders: boolean])[] = [
  [/^exc_[0-9a-f]{32}$/, (id) => `/exceptions/${id}`, false],
  [/^dev_[0-9a-f]{32}$/, (id) => `/devices/${id}`, true],
  [/^usr_[0-9a-f]{32}$/, (id) => `/people/${id}`, true],
  [/^rvw_[0-9a-f]{32}$/, () => '/reviews', true],
  [/^brk_[0-9a-f]{32}$/, (id) => `/brakes/${id}`, true],
  [/^whk_[0-9a-f]{32}$/, () => '/webhooks', true],
];

/**
 * The screen that shows what a notice is about, as far as there is one for this person.
 *
 * @param mayRead whether they read what concerns everybody
 */
export function subjectPath(type: NoticeType, subject: string | null, mayRead: boolean): string | undefined {
  if (type.startsWith('account.')) return '/me/account';
  if (subject === null) return undefined;
  const known = byId.find(([id]) => id.test(subject));
  if (known !== undefined) {
    const [, path, isForReaders] = known;
    if (!isForReaders || mayRead) return path(subject);
    return type === 'device.quarantined' ? '/me' : undefined;
  }
  if (!mayRead) return undefined;
  if (type === 'policy.published') return `/policies/${encodeURIComponent(subject)}`;
  if (type.startsWith('template.')) return '/templates';
  return type.startsWith('abuse.') ? '/analytics' : undefined;
}
