import { day, hour, minute, toTimestamp } from '@postern/shared/time';
import { payroll, production } from './access.ts';
import type { Company } from './company.ts';
import type { Machine } from './machine.ts';
import type { Trouble } from './readings.ts';
import type { Requests } from './requests.ts';
import type { Stage } from './stage.ts';

/** What is under way when somebody looks: requests that wait, what ends soon, what begins later, what is used right now. */
export function planLastHours(stage: Stage, company: Company, machines: readonly Machine[], requests: Requests): void {
  const { agenda, chance, end } = stage;
  const free = chance.shuffled(machines);
  const take = () =>
    free.find(
      (machine) =>
        machine.isEnrolled && machine.troubles.size === 0 && free.splice(free.indexOf(machine), 1).length > 0,
    );
  const at = (beforeEnd: number, act: () => Promise<void>) => agenda.at(end - beforeEnd, act);
  const breaks = async (trouble: Trouble, change: object = {}) => {
    const machine = take();
    if (machine === undefined) return undefined;
    machine.troubles.add(trouble);
    await machine.report();
    const id = await requests.ask(machine, trouble, change);
    return id === undefined ? undefined : { machine, id };
  };
  const breaksAgain = async (machine: Machine) => {
    for (const trouble of ['encryption', 'screen-lock'] as const) machine.troubles.add(trouble);
    await machine.report();
    await requests.ask(machine, 'encryption');
  };
  const approver = () => chance.pick(company.approvers);

  // Blocked for good: nobody has asked, and the time to fix is over.
  at(6 * day, async () => {
    for (const trouble of ['firewall', 'encryption', 'encryption', 'antivirus', 'firewall', 'encryption'] as const) {
      const machine = take();
      if (machine === undefined) return;
      machine.troubles.add(trouble);
      await machine.report();
    }
  });
  // Somebody leaves, and what was theirs ends with that.
  at(2.2 * day, async () => {
    const asked = await breaks('firewall', { duration: '1d' });
    if (asked === undefined) return;
    await requests.approve(approver(), asked.id);
    const { owner } = asked.machine;
    for (const machine of machines) if (machine.owner.id === owner.id) machine.gone = true;
    await company.ines.call('PATCH', `/v1/admin/users/${owner.id}`, { active: false });
  });
  // Waiting.
  for (const [hours, trouble] of [
    [9, 'encryption'],
    [7, 'firewall'],
    [5.5, 'encryption'],
    [2.5, 'firewall'],
    [1.2, 'encryption'],
    [0.4, 'firewall'],
  ] as const)
    at(hours * hour, async () => void (await breaks(trouble)));
  at(50 * minute, async () => {
    const machine = take();
    if (machine !== undefined) await requests.askAccess(machine, payroll, 'clerk', '4h');
  });
  at(4 * hour, async () => {
    const [one] = company.onCall;
    const machine = machines.find(({ owner, isEnrolled }) => owner.id === one?.id && isEnrolled);
    if (one === undefined || machine === undefined) return;
    const request = {
      resource: production,
      role: 'operator',
      duration: '1h',
      template: 'temporary-access',
      reasonCode: 'maintenance',
      justification: 'The certificate of the load balancer ends tonight and has to be replaced by hand.',
    };
    const about = { purpose: 'request', about: { device: machine.id, access: request } };
    const made = await one.call('POST', '/v1/me/access', { device: machine.id, ...request }, about);
    await requests.approve(approver(), String(made['id']));
  });

  // In force, and over soon. The first of them has other trouble since, and waits for an answer.
  for (const [minutes, duration] of [
    [600, '1d'],
    [200, '4h'],
    [225, '4h'],
    [400, '8h'],
    [300, '1d'],
  ] as const)
    at((minutes + 8) * minute, async () => {
      const asked = await breaks('firewall', { duration });
      if (asked === undefined) return;
      await requests.approve(approver(), asked.id);
      if (minutes === 600) at(100 * minute, () => breaksAgain(asked.machine));
    });
  // Begins later.
  at(3.3 * hour, async () => {
    const asked = await breaks('firewall', { duration: '8h', startsAt: toTimestamp(end + 16 * hour) });
    if (asked !== undefined) await requests.approve(approver(), asked.id);
  });
  // Access: one in use, one that waits for its first use.
  for (const [minutes, isUsed] of [
    [35, true],
    [70, true],
    [90, false],
  ] as const)
    at(minutes * minute, async () => {
      const machine = take();
      const id = machine && (await requests.askAccess(machine, payroll, 'reader', '4h'));
      if (machine === undefined || id === undefined) return;
      await requests.approve(approver(), id);
      if (isUsed) await machine.token(payroll);
    });
  // New devices that wait for an admin.
  for (const [index, owner] of company.people.slice(-3).entries())
    at((2 + index) * hour, async () => {
      const wish = { owner: owner.id, ownership: 'corporate', pending: true };
      const made = await company.bruno.post('/v1/admin/enrollment-tokens', wish);
      const machine = machines[0]?.likeNew(owner, index);
      await machine?.enroll(String(made['token']));
    });
}
