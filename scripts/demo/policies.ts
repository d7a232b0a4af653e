import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from './actor.ts';
import type { Company } from './company.ts';
import type { Stage } from './stage.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../server/src/policy/default-policy.yaml'), 'utf8');

const travelling = readFileSync(
  join(import.meta.dirname, '../../server/src/exceptions/templates/documents/travelling.yaml'),
  'utf8',
);

/** The policy that a new installation begins with, for laptops that are off at night, and where updates may wait for once. */
const baseline = shipped
  .replace('max_age: 1h', 'max_age: 72h')
  .replace(
    /( {2}- id: security-updates[\s\S]*?severity: high\n)/,
    '$1    exceptions: { max_duration: 7d, max_total: 21d, approvals: 1, auto_approve: true }\n',
  );

/** What was meant as five minutes was written as sixty seconds: it is rolled back within hours. */
const mistaken = baseline.replace('value.delaySeconds <= 900', 'value.delaySeconds <= 60');

const engineering = (enforcement: 'enforce' | 'report-only') => `policy: engineering
title: Machines that build software
description: What a machine must be on which software is built and signed.
enforcement: ${enforcement}
applies_to: { groups: [engineering] }
max_age: 72h
token_life: 5m
rules:
  - id: restarted
    title: Restarted within a month
    check: uptime
    require: daysSince(value.startedAt) <= 30.0
    expected: Restarted within the last 30 days.
    severity: low
    time_to_fix: 14d
    on_unknown: allow
  - id: secure-boot
    title: Secure boot is on
    check: secure-boot
    require: value.enabled
    expected: The firmware starts only systems that it can verify.
    severity: medium
    time_to_fix: 7d
    on_unknown: warn
    exceptions: { max_duration: 14d, max_total: 30d, approvals: 2 }
`;

const finance = `policy: finance
title: Machines that move money
applies_to: { groups: [finance] }
max_age: 72h
token_life: 5m
rules:
  - id: screen-lock
    title: The screen locks after five minutes
    check: screen-lock
    require: value.enabled && value.delaySeconds <= 300
    expected: Locked after at most 5 minutes without a key press.
    severity: high
    time_to_fix: 3d
    on_unknown: warn
  - id: disk-space
    title: There is room for updates
    check: disk-free
    require: value.freePercent >= 10
    expected: At least 10 percent of the disk is free.
    severity: low
    time_to_fix: 14d
    on_unknown: allow
`;

async function draft(author: Actor, document: string, note: string) {
  const made = await author.post('/v1/admin/policy-drafts', { document, note });
  return { id: String(made['id']), version: Number(made['version']) };
}

async function submitted(author: Actor, document: string, note: string) {
  const { id, version } = await draft(author, document, note);
  const answer = await author.post(`/v1/admin/policy-drafts/${id}/submit`, { version });
  return { id, version: Number(answer['version']), documentHash: String(answer['documentHash']) };
}

/** One admin writes it, another puts it into force. */
async function publish(author: Actor, other: Actor, document: string, note: string): Promise<void> {
  const { id, version, documentHash } = await submitted(author, document, note);
  const about = { purpose: 'manage', about: { action: 'approve-policy-draft', target: id, content: documentHash } };
  await other.call('POST', `/v1/admin/policy-drafts/${id}/approve`, { version, documentHash }, about);
}

async function replay(author: Actor, what: Record<string, unknown>): Promise<void> {
  const started = await author.post('/v1/admin/policy-replays', what);
  const path = `/v1/admin/policy-replays/${String(started['id'])}`;
  // It runs beside everything else; a few hundred devices take it a moment.
  for (let tries = 0; tries < 500 && (await author.get(path))['state'] === 'running'; tries += 1)
    await new Promise((resume) => setTimeout(resume, 10));
}

/** The first policy is there before the first device. */
export function beginPolicies({ ines, bruno }: Company): Promise<void> {
  return publish(ines, bruno, baseline, 'Laptops are off at night: a report every three days is enough');
}

/** What becomes of the rules over time. */
export function planPolicies(stage: Stage, { ines, bruno }: Company): void {
  const { agenda } = stage;
  const at = (share: number, hours: number, act: () => Promise<void>) =>
    agenda.at(stage.on(stage.dayAt(share), hours), act);
  at(0.25, 10, () => publish(bruno, ines, engineering('report-only'), 'First only watched'));
  at(0.42, 9, () => replay(bruno, { document: engineering('enforce') }));
  at(0.42, 11, () => publish(bruno, ines, engineering('enforce'), 'Watched for ten days: few would be blocked'));
  at(0.55, 9.5, () => publish(ines, bruno, finance, 'As the auditors asked for'));
  at(0.72, 9, () => publish(ines, bruno, mistaken, 'Screens lock sooner'));
  at(0.72, 13.5, async () => {
    const versions = (await ines.get('/v1/admin/policies/baseline/versions'))['items'] as { version: number }[];
    const previous = (versions[0]?.version ?? 3) - 1;
    const reason = 'A minute was never meant: everybody would be blocked in a week';
    const about = { purpose: 'manage', about: { action: 'roll-back-policy', target: 'baseline', content: undefined } };
    const made = await bruno.call('POST', '/v1/admin/policies/baseline/rollback', { version: previous, reason }, about);
    const { id, version, documentHash } = made as { id?: string; version: number; documentHash: string };
    // Where two admins have to agree, going back is a draft as well.
    if (typeof id === 'string' && id.startsWith('pdr_') && made['state'] !== 'published') {
      const proof = { purpose: 'manage', about: { action: 'approve-policy-draft', target: id, content: documentHash } };
      await ines.call('POST', `/v1/admin/policy-drafts/${id}/approve`, { version, documentHash }, proof);
    }
  });
  agenda.at(stage.end - 26 * 3_600_000, async () => {
    await draft(ines, baseline.replace('time_to_fix: 7d', 'time_to_fix: 5d'), 'Not sure about this one yet');
    const stricter = finance.replace('>= 10', '>= 15');
    await replay(bruno, { document: stricter });
    await submitted(bruno, stricter, 'More room: the last update needed 80 GB');
    const longer = travelling
      .replace('durations: [4h, 1d, 3d]', 'durations: [4h, 1d, 2d, 5d]')
      .replace('max_duration: 3d', 'max_duration: 5d');
    await bruno.post('/v1/admin/templates/proposals', { document: longer });
  });
}
