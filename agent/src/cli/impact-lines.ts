import type { Impact } from '@postern/shared/protocol/impact';
import { sayDuration, second } from '@postern/shared/time';
import { optionAt } from './option-names.ts';
import { plain } from './plain.ts';
import { sayMoment } from './say-time.ts';

/** What a request would mean, for who is about to make it. */
export function sayImpact(impact: Impact): string[] {
  const { waived, enforced, refusals } = impact;
  const blocked = enforced.filter(({ standing }) => standing === 'blocked');
  const lines = [
    ...refusals.flatMap(refusalLines),
    ...waived.map(
      ({ rule, title, observed }) => `⧗ Waived: ${title} (${rule})${observed === null ? '' : `; is: ${observed}`}`,
    ),
    `  Enforced as before: ${enforced.length} other ${enforced.length === 1 ? 'rule' : 'rules'}`,
    ...blocked.map(({ rule, title }) => `✗ Blocked all the same: ${title} (${rule})`),
    ...openings(impact),
    ...steps(impact),
    `  Told: ${toldTo(impact)}`,
    `  ${sayTime(impact)}`,
  ];
  return lines.map((line) => `${/^ */.exec(line)?.[0] ?? ''}${plain(line)}`);
}

function refusalLines({ sentence, details }: Impact['refusals'][number]): string[] {
  const where = details.map(({ path, message }) => `  ${optionAt(path)}: ${message}`);
  return [`✗ It would be refused. ${sentence}`, ...where];
}

function openings({ resources, moreResources }: Impact): string[] {
  const said = resources.map(({ name, openBefore, openAfter, tokenLifeSecondsAfter }) => {
    const life = openAfter ? `, tokens for ${sayDuration(tokenLifeSecondsAfter * second)}` : '';
    return `  ${name}: ${openBefore ? 'open' : 'closed'} now, ${openAfter ? 'open' : 'closed'} with it${life}`;
  });
  return moreResources === 0 ? said : [...said, `  and ${moreResources} more resources`];
}

function steps({ plan }: Impact): string[] {
  if (plan === null) return [];
  const stages = plan.stages
    .map(({ title, approvals }) => `${title} (${approvals === 1 ? '1 person' : `${approvals} people`})`)
    .join(', then ');
  const needs =
    plan.autoApprovedBy === null ? `Needs: ${stages || 'nobody first'}` : `Approved by rule: ${plan.autoApprovedBy}`;
  const factor = plan.stepUp.request === 'none' ? '' : `; you show who you are: ${plan.stepUp.request}`;
  const inputs = plan.risk.inputs.map(({ sentence, points }) => `    +${points} ${sentence}`);
  return [`  ${needs}${factor}`, `  Risk: ${plan.risk.score} of 100`, ...inputs];
}

function toldTo({ told: { count, people } }: Impact): string {
  const names = people.map(({ name, why }) => `${name} (${why})`).join(', ');
  return count > people.length ? `${names} and ${count - people.length} more` : names || 'nobody';
}

function sayTime({ time: { durationSeconds, beginsAt, expiresAt } }: Impact): string {
  const lasting = sayDuration(durationSeconds * second);
  if (beginsAt === null) return `It lasts ${lasting} from its first use`;
  return `It lasts ${lasting}; approved now, it would end ${sayMoment(expiresAt)}`;
}
