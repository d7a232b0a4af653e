/** What somebody was told. */
import { call } from './backend.js';
import { actions, element, factList, fill, folded, holding, say, section } from './page.js';
import { when } from './words.js';

export async function showNotices() {
  const { items, next } = await call('GET', '/v1/me/notices?limit=30');
  const unread = items.filter(({ readAt }) => readAt === null).map(({ id }) => id);
  const count = unread.length === 0 ? '' : ` (${unread.length}${next === null ? '' : ' or more'} unread)`;
  section('notices').querySelector('h2').textContent = `Notices${count}`;
  const markRead = async () => {
    await call('POST', '/v1/me/notices/read', { ids: unread });
    say('Marked as read.');
    await showNotices();
  };
  const cards = items.map(noticeOf);
  fill(
    'notices',
    unread.length === 0 ? cards : [actions([['Mark these as read', '', markRead]]), ...cards],
    'Nothing was told to you yet.',
  );
}

function noticeOf({ title, at, facts, text, subject, readAt }) {
  const parts = [factList([...facts.map(({ label, value }) => [label, value]), ['When', when(at)]])];
  if (text !== null) parts.push(element('p', text, 'written'));
  if (/^exc_[0-9a-f]{32}$/.test(subject ?? '')) {
    const link = element('a', 'Look at it');
    link.href = `#/exceptions/${subject}`;
    parts.push(holding('p', [link]));
  }
  const notice = folded(title, parts);
  notice.className = readAt === null ? 'notice unread' : 'notice';
  return notice;
}
