import { sayDuration } from '@postern/shared/time';
import { parseDuration } from '@postern/shared/time';
import type { CompiledPolicy, CompiledRule } from '../../policy/types.ts';
import type { Template } from './store.ts';

const levels = {
  none: 'nothing more',
  recent: 'a sign-in within the last five minutes, or a second factor',
  'second-factor': 'a passkey or a code of your authenticator app',
  passkey: 'a passkey',
} as const;

/**
 * When and how people may depart from rules or get access for a while, as Markdown that is true at this moment: made of the
 * templates and policies in force.
 */
export function exceptionGuide(templates: readonly Template[], policies: readonly CompiledPolicy[]): string {
  const rules = policies.flatMap((policy) => policy.rules.map((rule) => ({ policy, rule })));
  const ways = templates.map((template) =>
    wayOf(
      template,
      rules.map(({ rule }) => rule),
    ),
  );
  const open = rules.flatMap(({ policy, rule }) => ruleLine(policy, rule));
  const closed = rules
    .filter(({ rule }) => rule.exceptions === null)
    .map(({ rule }) => `- ${escape(rule.document.title)}`);
  return [
    '# Exceptions and temporary access',
    'Somebody else approves what you ask for, it ends by itself, and everything about it is recorded. You can end it early ' +
      'at any time. The rules that are waived stay evaluated: when your device gets worse, the exception ends.',
    '## Ways to ask',
    ways.length === 0 ? 'There are none for you.' : ways.join('\n\n'),
    '## Rules that can be excepted',
    open.length === 0 ? 'There are none.' : open.join('\n'),
    '## Rules that nobody departs from',
    closed.length === 0 ? 'There are none.' : closed.join('\n'),
    '',
  ].join('\n\n');
}

function wayOf({ name, document }: Template, rules: readonly CompiledRule[]): string {
  const { allows, durations, stages, step_up: stepUp, reason_codes: codes, conditions } = document;
  const allowed = rules.filter((rule) => rule.exceptions !== null && isAllowed(document, rule));
  const lines = [
    `- Ask for ${durations.map((each) => say(each)).join(', ')}; at most ${say(document.max_duration)}.`,
    `- ${document.emergency ? 'It begins at once. Everybody who would have been asked is told, and a review is due within a day.' : `Approvals: ${stages.map(stageLine).join(', then ')}.`}`,
    `- To ask you show ${levels[stepUp.request]}; who approves shows ${levels[stepUp.approval]}.`,
    ...(document.kind === 'device'
      ? [`- For: ${allowed.map((rule) => escape(rule.document.title)).join('; ') || 'no rule that applies to you'}.`]
      : []),
    ...(allows.must_name_resources ? ['- You must say for which resources.'] : []),
    ...(codes.length === 0 ? [] : [`- Reasons: ${codes.map((code) => escape(code.title)).join('; ')}.`]),
    ...(document.ticket === 'required' ? ['- You need the number of a ticket.'] : []),
    ...conditions.map((condition) => `- ${escape(condition.title)}: ${effectOf(condition)}.`),
  ];
  return [
    `### ${escape(document.title)}`,
    `Template \`${name}\`. ${escape(document.description)}`,
    `**What it means:** ${escape(document.impact)}`,
    lines.join('\n'),
  ].join('\n\n');
}

function isAllowed({ allows }: Template['document'], rule: CompiledRule): boolean {
  return (allows.rules?.includes(rule.reference) ?? true) && (allows.checks?.includes(rule.document.check) ?? true);
}

function stageLine({ title, groups, manager, approvals }: Template['document']['stages'][number]): string {
  const people = [...(manager ? ['your manager'] : []), ...(groups ?? []).map(escape)].join(' or ');
  return `${escape(title)} (${approvals}${people === '' ? '' : `, by ${people}`})`;
}

function effectOf(condition: Template['document']['conditions'][number]): string {
  const { deny, stages, approvals, step_up: stepUp, max_duration: max, auto_approve: auto } = condition;
  const effects = [
    ...(deny === undefined ? [] : [`refused. ${escape(deny)}`]),
    ...(stages === undefined ? [] : [`then also ${stages.map(stageLine).join(', then ')}`]),
    ...(approvals === undefined ? [] : [`${approvals} approvals at least`]),
    ...(stepUp === undefined ? [] : ['a stronger proof of who you are']),
    ...(max === undefined ? [] : [`at most ${say(max)}`]),
    ...(auto === undefined ? [] : ['approved at once, where every rule concerned allows that']),
  ];
  // A sentence of its own brings its full stop.
  return effects.join('; ').replace(/\.$/, '');
}

function ruleLine(policy: CompiledPolicy, rule: CompiledRule): string[] {
  if (rule.exceptions === null) return [];
  const { maxDurationMs, maxTotalMs, approvals, groups } = rule.exceptions;
  const whom = groups === null ? '' : ` Only for ${groups.map(escape).join(', ')}.`;
  const count = approvals === 1 ? 'one approval' : `${approvals} approvals`;
  return [
    `- ${escape(rule.document.title)} (\`${policy.name}/${rule.document.id}\`): at most ${sayDuration(maxDurationMs)}, ` +
      `${sayDuration(maxTotalMs)} with extensions, ${count}.${whom}`,
  ];
}

function say(duration: string): string {
  return sayDuration(parseDuration(duration) ?? 0);
}

/** Text of admins as text: it opens no link, no image and no HTML wherever the Markdown is shown. */
function escape(text: string): string {
  const plain = text.replaceAll(/\s+/gu, ' ').replaceAll(/[\\`*_{}[\]()#+!|~:@-]/g, String.raw`\$&`);
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
