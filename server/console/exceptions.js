/** What is shown of an exception, whoever looks at it. */
import { element, factList, folded, holding, points } from './page.js';
import { lengthOf, levelText, many, peopleOf, scopeOf, stateText, when } from './words.js';

/** What was asked, by whom and why. */
export function exceptionFacts(exception) {
  const { kind, rules, resources, person, requestedBy, template, set, ticket, stages } = exception;
  const isAccess = kind === 'access';
  return factList([
    ['Kind', `${exception.emergency ? 'emergency, ' : ''}${isAccess ? 'temporary access' : 'exception from rules'}`],
    ['Rules', rules.join(', ')],
    ['Resources', resources.length === 0 ? 'all' : resources.join(', ')],
    ['Role', exception.role],
    ['Device', exception.device.name],
    ['For', lengthOf(exception.durationSeconds)],
    ['Begins', exception.startsAt === null ? null : when(exception.startsAt)],
    ['Why', holding('span', [exception.justification], 'written')],
    ['Reason', exception.reasonCode],
    ['Ticket', ticket],
    ['Template', template === null ? 'none' : `${template.name}, version ${template.version}`],
    ['Asked', when(exception.requestedAt)],
    ['Asked by', requestedBy.id === person.id ? null : requestedBy.name],
    ['Together with', set === null ? null : `others of ${set}`],
    ['Approvals', stages.length === 0 ? null : points(stages.map(stageText))],
    ['State', stateText(exception)],
    ['Lapses', exception.state === 'pending' ? when(exception.lapsesAt) : null],
    ['Until', exception.expiresAt === null ? null : when(exception.expiresAt)],
    ['Ended', exception.endedAt === null ? null : when(exception.endedAt)],
  ]);
}

function stageText(stage) {
  return `${stage.title} (${peopleOf(stage)}): ${stage.given} of ${stage.approvals} given`;
}

/** What was looked at, and what each adds. */
export function riskOf({ risk, conditions, autoApprovedBy }) {
  const parts = [element('p', `Risk ${risk.score} of 100`, 'figure')];
  const adding = risk.inputs.filter(({ points }) => points !== 0);
  const nothing = risk.inputs.filter(({ points }) => points === 0);
  if (adding.length > 0) parts.push(points(adding.map(inputText)));
  if (nothing.length > 0)
    parts.push(folded(`${many(nothing.length, 'thing')} looked at that add nothing`, [points(nothing.map(inputText))]));
  if (conditions.length > 0) parts.push(element('p', `What counts of the template: ${conditions.join('; ')}.`));
  if (autoApprovedBy !== null) parts.push(element('p', `Approved by the template itself: ${autoApprovedBy}.`));
  return parts;
}

function inputText({ points, sentence, value }) {
  return `${points > 0 ? '+' : ''}${points}: ${sentence} (${value})`;
}

/** What the rules found when it was asked for, who has decided, and how they showed who they are. */
export function evidenceOf({ observed, decisions, stepUp, requestedAuthn, stuck }) {
  const parts = typeof stuck === 'string' ? [element('p', stuck, 'warning')] : [];
  if (observed.length > 0) parts.push(element('p', 'What the rules found:'), points(observed.map(observedText)));
  if (requestedAuthn !== null) parts.push(element('p', `Asked with ${levelText(requestedAuthn.level)}.`));
  if (decisions.length > 0) parts.push(element('p', 'Decided so far:'), points(decisions.map(decisionText)));
  if (stepUp.approval !== 'none') parts.push(element('p', `To approve takes ${levelText(stepUp.approval)}.`));
  return parts;
}

function observedText({ rule, outcome, value }) {
  return `${rule}: ${outcome}${value === null ? '' : `, ${JSON.stringify(value)}`}`;
}

function decisionText({ by, verdict, reason, at, authn }) {
  const proof = authn === null || authn.level === 'none' ? '' : `, with ${levelText(authn.level)}`;
  return `${by.name}: ${verdict}${proof}, ${when(at)}${reason === null ? '' : `. ${reason}`}`;
}

const why = {
  person: 'whom it is for',
  requester: 'who asked',
  approver: 'may approve',
  manager: 'their manager',
  operator: 'may end it',
};

/** What approving would mean now. */
export function impactParts(impact) {
  const { waived, enforced, resources, moreResources, told, time, refusals } = impact;
  const parts = [];
  if (waived.length > 0) parts.push(element('p', 'Waived:'), points(waived.map(waivedText)));
  parts.push(
    enforced.length === 0
      ? element('p', 'No other rule is enforced on this device.')
      : folded(`${many(enforced.length, 'rule')} still enforced`, [points(enforced.map(enforcedText))]),
  );
  if (resources.length > 0) parts.push(element('p', 'Resources:'), points(resources.map(resourceText)));
  if (moreResources > 0) parts.push(element('p', `And ${many(moreResources, 'more resource')}.`));
  const others = told.count - told.people.length;
  const names = told.people.map((each) => `${each.name} (${why[each.why]})`);
  parts.push(
    folded(`${many(told.count, 'person')} told`.replace('persons', 'people'), [
      points(others > 0 ? [...names, `and ${others} more`] : names),
    ]),
    element('p', timeText(time)),
  );
  if (refusals.length > 0) {
    parts.push(element('p', 'As things stand, it would be refused:', 'warning'));
    parts.push(points(refusals.map(({ sentence, details }) => [sentence, ...details.map(detailText)].join(' '))));
  }
  return parts;
}

/** What asking would mean: what it takes as well. */
export function previewParts(impact) {
  const { plan } = impact;
  if (plan === null) return impactParts(impact);
  const { stages, stepUp, autoApprovedBy } = plan;
  const takes = [
    ...stages.map((stage) => `${stage.title}: ${many(stage.approvals, 'approval')} by ${peopleOf(stage)}`),
    ...(autoApprovedBy === null ? [] : [`Approved at once by the template: ${autoApprovedBy}`]),
    ...(stepUp.request === 'none' ? [] : [`You show ${levelText(stepUp.request)}`]),
  ];
  return [...impactParts(impact), element('p', 'What it takes:'), points(takes)];
}

function detailText({ message }) {
  return `(${message})`;
}

function waivedText({ rule, title, severity, expected, observed, outcome }) {
  return `${title} (${rule}, ${severity}): asks for “${expected}”, found ${observed ?? 'nothing'}: ${outcome}`;
}

function enforcedText({ rule, title, standing }) {
  return `${title} (${rule}): ${standing}`;
}

function resourceText(resource) {
  const { name, tier, openBefore, openAfter, tokenLifeSecondsBefore, tokenLifeSecondsAfter } = resource;
  const state = (isOpen, life) => (isOpen ? `open, with tokens of ${lengthOf(life)}` : 'closed');
  const before = state(openBefore, tokenLifeSecondsBefore);
  const after = state(openAfter, tokenLifeSecondsAfter);
  return `${name}${tier === null ? '' : ` (${tier})`}: ${before === after ? `stays ${after}` : `${before} now, afterwards ${after}`}`;
}

function timeText({ durationSeconds, beginsAt, expiresAt }) {
  if (beginsAt === null)
    return `It begins with its first use, ${when(expiresAt)} at the latest, and then lasts ${lengthOf(durationSeconds)}.`;
  return `Approved now, it lasts ${lengthOf(durationSeconds)} and ends ${when(expiresAt)}.`;
}

/** A card of an exception. The address `#/exceptions/{id}` leads to it. */
export function exceptionCard(exception, title) {
  const article = holding('article', [element('h3', title), exceptionFacts(exception)]);
  article.dataset.exception = exception.id;
  article.tabIndex = -1;
  return article;
}

export function titleOf(exception) {
  return `${exception.person.name}: ${scopeOf(exception)}`;
}
