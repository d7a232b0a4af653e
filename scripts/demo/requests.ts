import { hour, type Instant, minute, second } from '@postern/shared/time';
import { type Actor, Refused } from './actor.ts';
import type { Company } from './company.ts';
import type { Machine } from './machine.ts';
import type { Trouble } from './readings.ts';
import type { Stage } from './stage.ts';
import { accessReasons, approvals, denials, wanted } from './words.ts';

/** What the backend may say no to without the story being wrong: it went on meanwhile. */
const overtaken: ReadonlySet<string> = new Set([
  'exception_state',
  'exception_not_needed',
  'exception_overlaps',
  'exception_too_long',
  'exception_too_many',
  'exception_changed',
  'exception_not_longer',
  'exception_widened',
  'device_quarantined',
  'device_state_invalid',
  'approval_not_yours',
  'already_decided',
  'self_approval',
  'emergency_review_due',
  'conflict',
  'not_found',
  'access_not_started',
]);

/** Does something unless the story has overtaken it. */
export async function unlessOvertaken<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refused && overtaken.has(error.code)) return undefined;
    throw error;
  }
}

/** People who ask, and those who answer. */
export class Requests {
  readonly #stage: Stage;
  readonly #company: Company;
  #tickets = 4200;

  constructor(stage: Stage, company: Company) {
    this.#stage = stage;
    this.#company = company;
  }

  /** Whoever has trouble may ask for a departure from the rule; what becomes of it, chance decides. */
  atTrouble = (machine: Machine, trouble: Trouble, until: Instant): void => {
    const { chance, agenda } = this.#stage;
    if (wanted[trouble] === undefined || !chance.is(0.65)) return;
    const at = this.#stage.now() + chance.whole(10, 20 * 60) * minute;
    if (at < until) agenda.at(at, () => this.askAndSettle(machine, trouble));
  };

  async askAndSettle(machine: Machine, trouble: Trouble): Promise<void> {
    const id = await this.ask(machine, trouble);
    if (id !== undefined) this.#settle(machine, id);
  }

  /** Asks on the machine, as the agent does. Undefined where nothing is left to ask for. */
  async ask(machine: Machine, trouble: Trouble, change: object = {}): Promise<string | undefined> {
    const { chance } = this.#stage;
    const want = wanted[trouble];
    if (want === undefined || !machine.isEnrolled || !machine.troubles.has(trouble)) return undefined;
    const { rule, template, reasonCode, ticket, durations, why } = want;
    const made = await unlessOvertaken(() =>
      machine.call('POST', '/v1/exceptions', {
        rules: [rule],
        duration: chance.pick(durations),
        justification: chance.pick(why),
        ...(template === undefined ? {} : { template, reasonCode }),
        ...(ticket === undefined ? {} : { ticket: `${ticket}${(this.#tickets += 7)}` }),
        ...change,
      }),
    );
    return made === undefined ? undefined : String(made['id']);
  }

  /** Somebody answers, or nobody does. */
  #settle(machine: Machine, id: string): void {
    const { agenda, chance } = this.#stage;
    const after = (minutes: number) => this.#stage.now() + minutes * minute;
    const fate = chance.weighted([
      ['approve', 66],
      ['deny', 13],
      ['withdraw', 8],
      ['lapse', 13],
    ]);
    if (fate === 'lapse') return;
    if (fate === 'withdraw')
      return agenda.at(after(chance.whole(5, 90)), async () => {
        await unlessOvertaken(() => machine.call('POST', `/v1/exceptions/${id}/withdraw`, {}));
      });
    // Who says yes to everything never says no.
    const decider = fate === 'approve' && chance.is(0.45) ? this.#company.hasty : chance.pick(this.#company.approvers);
    agenda.at(
      after(
        chance.weighted([
          [chance.whole(4, 50), 70],
          [chance.whole(60, 600), 30],
        ]),
      ),
      async () => {
        if (fate === 'deny') return this.deny(decider, id);
        if (await this.approve(decider, id)) this.#end(machine, id);
      },
    );
  }

  /** What was granted ends in one of the ways there are; left alone, its time is over. */
  #end(machine: Machine, id: string): void {
    const { agenda, chance } = this.#stage;
    const after = (hours: number) => this.#stage.now() + hours * hour;
    const fate = chance.weighted([
      ['time', 50],
      ['give-back', 18],
      ['revoke', 8],
      ['extend', 24],
    ]);
    if (fate === 'give-back')
      agenda.at(after(chance.whole(1, 30)), async () => {
        await unlessOvertaken(() => machine.call('POST', `/v1/exceptions/${id}/relinquish`, {}));
      });
    if (fate === 'revoke')
      agenda.at(after(chance.whole(1, 20)), async () => {
        const reason = 'The lab is free again, use that.';
        await unlessOvertaken(() => this.#company.ines.post(`/v1/admin/exceptions/${id}/revoke`, { reason }));
      });
    if (fate === 'extend')
      agenda.at(after(3), async () => {
        const more = { duration: '3d', justification: 'It takes longer than thought; parts come on Monday.' };
        const made = await unlessOvertaken(() => machine.call('POST', `/v1/exceptions/${id}/extend`, more));
        if (made !== undefined)
          agenda.at(
            after(2),
            async () => void (await this.approve(chance.pick(this.#company.approvers), String(made['id']))),
          );
      });
  }

  /** Reads it, and says yes a while later: the hasty one at once. */
  async approve(by: Actor, id: string, change: object = {}): Promise<boolean> {
    const { clock, chance } = this.#stage;
    const path = `/v1/admin/exceptions/${id}`;
    const seen = await unlessOvertaken(() => by.get(path));
    if (seen === undefined || seen['state'] !== 'pending') return false;
    clock.reach(this.#stage.now() + (by === this.#company.hasty ? 3 : chance.whole(25, 240)) * second);
    const requestHash = String(seen['requestHash']);
    const reason = chance.pick(approvals);
    const about = { purpose: 'decide', about: { exception: id, requestHash, ...change } };
    const body = { requestHash, ...change, ...(reason === undefined ? {} : { reason }) };
    return (await unlessOvertaken(() => by.call('POST', `${path}/approve`, body, about))) !== undefined;
  }

  async deny(by: Actor, id: string): Promise<void> {
    const path = `/v1/admin/exceptions/${id}`;
    const seen = await by.get(path);
    if (seen['state'] !== 'pending') return;
    const reason = this.#stage.chance.pick(denials);
    await unlessOvertaken(() => by.post(`${path}/deny`, { requestHash: seen['requestHash'], reason }));
  }

  /** Temporary access, asked for on the machine. */
  async askAccess(machine: Machine, resource: string, role: string, duration: string): Promise<string | undefined> {
    const { chance } = this.#stage;
    if (!machine.isEnrolled) return undefined;
    const made = await unlessOvertaken(() =>
      machine.call('POST', '/v1/access', {
        resource,
        role,
        duration,
        template: 'temporary-access',
        reasonCode: chance.pick(['support', 'maintenance', 'troubleshooting']),
        justification: chance.pick(accessReasons),
      }),
    );
    return made === undefined ? undefined : String(made['id']);
  }
}
