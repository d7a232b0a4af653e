/** Requests that wait, and how one decides about them. */
import { call } from './backend.js';
import { evidenceOf, exceptionCard, impactParts, riskOf, titleOf } from './exceptions.js';
import { choice, entry, entryForm, textField } from './fields.js';
import { actions, element, holding, say } from './page.js';
import { sendProven } from './step-up.js';
import { durationText, lengthOf, peopleOf, scopeOf } from './words.js';

/** A request in short. What speaks for and against it, and the decision, come with a closer look. */
export function requestCard(exception, me, refresh) {
  const article = exceptionCard(exception, `${exception.person.name} asks for ${scopeOf(exception)}`);
  article.append(
    element('p', `Risk ${exception.risk.score} of 100. ${decidingText(exception, me)}`, 'soft'),
    actions([['Look closer', '', () => lookCloser(exception.id, article, me, refresh)]]),
  );
  return article;
}

/** Shows a request as it is now, with all that is known of it, and what one can do about it. */
export async function lookCloser(id, article, me, refresh) {
  const [exception, impact] = await Promise.all([call('GET', `/v1/admin/exceptions/${id}`), impactOf(id)]);
  const closer = exceptionCard(exception, titleOf(exception));
  closer.append(
    part('Evidence', evidenceOf(exception)),
    part('Risk', riskOf(exception)),
    part('What approving it means', impact),
    part('Decision', decision(exception, me, refresh)),
  );
  article.replaceWith(closer);
  closer.focus();
}

/** A manager who is no approver is asked too, and is not shown what an approver is shown. */
async function impactOf(id) {
  try {
    return impactParts(await call('GET', `/v1/admin/exceptions/${id}/impact`));
  } catch (refusal) {
    return [element('p', `That is not shown to you: ${refusal.message}`)];
  }
}

function part(title, children) {
  return holding('section', [element('h4', title), ...children]);
}

function decision(exception, me, refresh) {
  const parts = [element('p', decidingText(exception, me))];
  if (refusalOf(exception, me) !== undefined) return parts;
  const fields = [textField('reason', 'Your reason (optional)', { maxLength: 1000, lines: 2 }), shorter(exception)];
  const others = [['Deny', 'danger', (entered) => deny(exception, entry(entered, 'reason'), refresh)]];
  return [...parts, entryForm(fields, 'Approve', (entered) => approve(exception, entered, refresh), { others })];
}

/** An approver may shorten, never lengthen. */
function shorter({ durationSeconds }) {
  const shorterOnes = [900, 3600, 14_400, 28_800, 86_400].filter((seconds) => seconds < durationSeconds);
  return choice('duration', 'For how long', [
    ['', `${lengthOf(durationSeconds)}, as it was asked for`],
    ...shorterOnes.toReversed().map((seconds) => [durationText(seconds), `only ${lengthOf(seconds)}`]),
  ]);
}

async function approve(exception, entered, refresh) {
  const { id, requestHash, durationSeconds } = exception;
  const duration = entry(entered, 'duration');
  const about = { exception: id, requestHash, ...(duration === undefined ? {} : { duration }) };
  const reason = entry(entered, 'reason');
  const body = {
    requestHash,
    ...(duration === undefined ? {} : { duration }),
    ...(reason === undefined ? {} : { reason }),
  };
  const approved = await sendProven('POST', `/v1/admin/exceptions/${id}/approve`, body, {
    about: { purpose: 'decide', about },
    sentence: `You approve ${scopeOf(exception)} for ${exception.person.name}, for ${duration ?? lengthOf(durationSeconds)}.`,
  });
  const waits = approved.state === 'pending' ? ' It waits for the next approval.' : '';
  say(`Approved: ${titleOf(exception)}.${waits}`);
  await refresh();
}

async function deny({ id, requestHash, ...exception }, reason, refresh) {
  await call('POST', `/v1/admin/exceptions/${id}/deny`, { requestHash, ...(reason === undefined ? {} : { reason }) });
  say(`Denied: ${titleOf(exception)}.`);
  await refresh();
}

/** Whether one may decide now, in a sentence. The backend has the last word. */
function decidingText(exception, me) {
  const refusal = refusalOf(exception, me);
  if (refusal !== undefined) return refusal;
  const stage = openStage(exception);
  if (stage === undefined) return 'It waits for you.';
  const takes = `“${stage.title}”: ${peopleOf(stage)}.`;
  if (isAsked(stage, me)) return `It waits for you. ${takes}`;
  return `It waits for others to approve it: ${takes}${isDecider(me) ? ' You may deny it.' : ''}`;
}

function refusalOf({ state, person, requestedBy, decisions, stages }, me) {
  if (state !== 'pending') return 'It does not wait for a decision any more.';
  if (person.id === me.id || requestedBy.id === me.id)
    return 'You asked for it, or it is for you: somebody else decides.';
  if (decisions.some(({ by }) => by.id === me.id)) return 'You have decided already. It waits for others.';
  if (!isDecider(me) && !stages.some(({ manager }) => manager)) return 'Approvers decide this.';
  return undefined;
}

function isDecider({ roles }) {
  return roles.includes('approver') || roles.includes('admin');
}

function openStage({ stages }) {
  return stages.find(({ given, approvals }) => given < approvals);
}

/** Whose manager one is, the page does not know: where a manager is asked, one may try. */
function isAsked({ groups, manager }, me) {
  if (manager) return true;
  if (!isDecider(me)) return false;
  return groups === null || groups.some((group) => me.groups.includes(group));
}
