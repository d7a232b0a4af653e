/** What was granted and has not ended: in force, scheduled, or waiting for its first use. */
import { call } from './backend.js';
import { exceptionCard, riskOf, titleOf } from './exceptions.js';
import { actions, folded, say } from './page.js';

const states = ['active', 'scheduled', 'approved'];

/** @param mayRevoke whether one ends them from here: auditors only look */
export async function standingCards(mayRevoke, refresh) {
  const pages = await Promise.all(states.map((state) => call('GET', `/v1/admin/exceptions?state=${state}`)));
  return pages.flatMap(({ items }) => items).map((exception) => standingCard(exception, mayRevoke, refresh));
}

function standingCard(exception, mayRevoke, refresh) {
  const article = exceptionCard(exception, titleOf(exception));
  const revoke = async () => {
    await call('POST', `/v1/admin/exceptions/${exception.id}/revoke`, {});
    say(`Revoked: ${titleOf(exception)}. Its tokens have ended with it.`);
    await refresh();
  };
  article.append(folded(`Risk ${exception.risk.score} of 100 when it was asked for`, riskOf(exception).slice(1)));
  if (mayRevoke) article.append(actions([['Revoke now', 'danger', revoke]]));
  return article;
}
