/** Reviews: what somebody has to look at afterwards, and what they make of it. */
import { call } from './backend.js';
import { evidenceOf, exceptionFacts, riskOf } from './exceptions.js';
import { choice, entry, entryForm, textField } from './fields.js';
import { actions, card, element, say } from './page.js';
import { many, when } from './words.js';

const titles = { emergency: 'An emergency', exception: 'A standing exception', rule: 'A rule with many exceptions' };

const verdicts = {
  emergency: [
    ['ratified', 'It was an emergency'],
    ['repudiated', 'It was none: end it'],
  ],
  exception: [
    ['keep', 'Keep it'],
    ['end', 'End it now'],
  ],
  rule: [
    ['keep', 'The rule is right as it is'],
    ['change', 'The rule should be changed'],
  ],
};

export async function reviewCards(refresh) {
  const { items } = await call('GET', '/v1/me/reviews');
  return items.map((review) => reviewCard(review, refresh));
}

function reviewCard(review, refresh) {
  const article = card(`${titles[review.kind]}${review.person === null ? '' : ` of ${review.person.name}`}`, [
    ['Why', review.reason],
    ['About', review.kind === 'rule' ? review.subject : null],
    ['Due', `${when(review.dueAt)}${review.state === 'overdue' ? ', overdue' : ''}`],
    ['Asked', review.reviewers.map(({ name }) => name).join(', ') || 'every approver'],
  ]);
  const look = actions([['Look closer', '', () => showDetail(review, article, look, refresh)]]);
  article.append(look);
  return article;
}

async function showDetail({ id, kind }, article, look, refresh) {
  const { exception, tokens, measured, mayDecide } = await call('GET', `/v1/admin/reviews/${id}`);
  const parts = measured === null ? [] : [element('p', measured)];
  if (exception !== null) parts.push(exceptionFacts(exception), ...evidenceOf(exception), ...riskOf(exception));
  if (tokens !== null) parts.push(element('p', `${many(tokens, 'token')} issued under it.`));
  const decide = async (entered) => {
    await call('POST', `/v1/admin/reviews/${id}/decide`, {
      verdict: entered.get('verdict'),
      note: entry(entered, 'note'),
    });
    say('Your review is recorded.');
    await refresh();
  };
  const fields = [
    choice('verdict', 'What you make of it', verdicts[kind]),
    textField('note', 'Why', { lines: 2, maxLength: 1000, required: true }),
  ];
  look.replaceWith(
    ...parts,
    mayDecide ? entryForm(fields, 'Decide', decide) : element('p', 'You have a part in it: somebody else decides.'),
  );
}
