import type { FaultDetail } from '@postern/shared/protocol/errors';
import { Fault } from '@postern/shared/protocol/errors';
import type { DeviceFacts } from '../../devices/index.ts';
import type { Rulebook } from '../../policy/index.ts';
import type { CompiledRule } from '../../policy/types.ts';
import type { Template } from '../templates/store.ts';
import type { Asked } from './asked.ts';

/** What a template is held against. */
export interface Applicant {
  facts: Pick<DeviceFacts, 'ownership' | 'owner'>;
  tiers: Rulebook['tiers'];
  /** Those that are asked about. */
  rules: readonly CompiledRule[];
}

/**
 * Refuses a request that its template is not for. What nobody has said, as whose device it is or the tier of a resource, is
 * no ground to be let in.
 *
 * @throws Fault template_not_for_you with every reason, reason_code_required, ticket_required
 */
export function refuseUnlessFor(template: Template, applicant: Applicant, asked: Asked): void {
  const { reason_codes: codes, ticket } = template.document;
  const details = [
    ...personFaults(template, applicant),
    ...ruleFaults(template, applicant, asked),
    ...resourceFaults(template, applicant, asked),
  ];
  if (details.length > 0) throw new Fault('template_not_for_you', { details });
  if (codes.length > 0 && !codes.some(({ code }) => code === asked.reasonCode)) {
    const message = `must be one of ${codes.map(({ code }) => code).join(', ')}`;
    throw new Fault('reason_code_required', { details: [{ path: 'body.reasonCode', message }] });
  }
  if (ticket === 'required' && asked.ticket === undefined) throw new Fault('ticket_required');
}

function personFaults({ document }: Template, { facts }: Applicant): FaultDetail[] {
  const { groups, ownership } = document.for;
  const faults: FaultDetail[] = [];
  if (groups !== undefined && !groups.some((group) => facts.owner.groups.includes(group)))
    faults.push({ path: 'person', message: `it is for people in ${groups.join(', ')}` });
  if (ownership !== undefined && facts.ownership === 'unknown')
    faults.push({ path: 'device', message: 'nobody has said whose device this is; ask an admin to' });
  else if (ownership !== undefined && !ownership.some((each) => each === facts.ownership))
    faults.push({ path: 'device', message: `it is for ${ownership.join(' and ')} devices` });
  return faults;
}

function ruleFaults({ document }: Template, { rules }: Applicant, asked: Asked): FaultDetail[] {
  const { kind, allows } = document;
  if (kind !== asked.kind) {
    const message = kind === 'access' ? 'it is for temporary access' : 'it is for exceptions from rules';
    return [{ path: 'body.template', message }];
  }
  return asked.rules.flatMap((reference, index) => {
    const path = `body.rules.${index}`;
    const rule = rules.find((each) => each.reference === reference);
    const isNamed = allows.rules?.includes(reference) ?? true;
    const isChecked =
      allows.checks === undefined || (rule !== undefined && allows.checks.includes(rule.document.check));
    return isNamed && isChecked ? [] : [{ path, message: `it is not for ${reference}` }];
  });
}

function resourceFaults({ document }: Template, { tiers }: Applicant, { resources }: Asked): FaultDetail[] {
  const { resources: named, tiers: allowed, must_name_resources: mustName } = document.allows;
  const isNarrow = named !== undefined || allowed !== undefined;
  if (resources.length === 0 && (mustName || isNarrow))
    return [{ path: 'body.resources', message: 'must name the resources that it is for' }];
  return resources.flatMap((name, index) => {
    const path = `body.resources.${index}`;
    const tier = tiers.get(name);
    if (named !== undefined && !named.includes(name)) return [{ path, message: 'it is not for this resource' }];
    if (allowed === undefined || (tier !== undefined && allowed.includes(tier))) return [];
    const why = tier === undefined ? 'nobody has given this resource a tier' : `the resource is ${tier}`;
    return [{ path, message: `it is for ${allowed.join(', ')} resources only, and ${why}` }];
  });
}
