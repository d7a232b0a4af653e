import { hour, minute, second } from '@postern/shared/time';
import { payroll } from './access.ts';
import type { Actor } from './actor.ts';
import type { Company } from './company.ts';
import type { Machine } from './machine.ts';
import type { Trouble } from './readings.ts';
import { unlessOvertaken } from './requests.ts';
import type { Stage } from './stage.ts';

/** A build of a system whose readings turn wrong on all machines at once. */
const doubtful = { id: 'macos', name: 'macOS 26.7.1', version: '26.7.1', build: '25H45' };
const doubtfulWindows = { id: 'windows', name: 'Windows 11 Enterprise', version: '10.0.26200', build: '26200.7171' };

/** What goes wrong now and then: copies of keys, lost and sold machines, doubtful readings, emergencies. */
export function planIncidents(stage: Stage, company: Company, machines: readonly Machine[]): void {
  const some = stage.chance.shuffled(machines);
  const [first, second_, lost, sold, late, ...others] = some;
  if (first === undefined || second_ === undefined || lost === undefined || sold === undefined || late === undefined)
    return;
  planClone(stage, company, first, { share: 0.35, isReleased: true });
  planClone(stage, company, second_, { share: 0.9, isReleased: false });
  const last = others.at(-1);
  if (last !== undefined && machines.length > 50) planClone(stage, company, last, { share: 0.97, isReleased: false });
  act(stage, company, lost, { share: 0.8, action: 'suspend', reason: 'Left on a train; the finder has called' });
  act(stage, company, sold, { share: 0.6, action: 'retire', reason: 'Sold to the museum' });
  const ofBuild = (platform: string) => others.filter((machine) => machine.platform === platform).slice(0, 14);
  planDoubt(stage, company, ofBuild('windows'), {
    at: stage.on(stage.dayAt(0.5), 11),
    build: doubtfulWindows,
    trouble: 'antivirus',
    isReleased: true,
  });
  planDoubt(stage, company, ofBuild('macos'), {
    at: stage.end - 5 * hour,
    build: doubtful,
    trouble: 'firewall',
    isReleased: false,
  });
  planEmergencies(stage, company, machines);
}

/** A disk was copied: two machines report with one key. */
function planClone(
  stage: Stage,
  { ines }: Company,
  machine: Machine,
  { share, isReleased }: { share: number; isReleased: boolean },
): void {
  const { agenda } = stage;
  const at = stage.on(stage.dayAt(share), 14);
  agenda.at(at, async () => {
    if (!machine.isEnrolled) return;
    const copy = machine.copyTo({ name: machine.name, address: '192.0.2.77' });
    await machine.report();
    await copy.report();
    stage.clock.reach(stage.now() + 7 * minute);
    await copy.report();
    await machine.report();
    if (!isReleased) return;
    agenda.at(at + 20 * hour, async () => {
      const reason = 'A backup was restored on the bench; the copy is wiped';
      await unlessOvertaken(() => ines.post(`/v1/admin/devices/${machine.id}/release`, { reason }));
    });
  });
}

function act(
  stage: Stage,
  { ines }: Company,
  machine: Machine,
  { share, action, reason }: { share: number; action: string; reason: string },
): void {
  stage.agenda.at(stage.on(stage.dayAt(share), 15), async () => {
    if (!machine.isEnrolled) return;
    await unlessOvertaken(() => ines.post(`/v1/admin/devices/${machine.id}/${action}`, { reason }));
    machine.gone = true;
  });
}

/** An update makes a whole build report something that is not so: the brake holds it until somebody has looked. */
function planDoubt(
  stage: Stage,
  { bruno }: Company,
  machines: readonly Machine[],
  { at, build, trouble, isReleased }: { at: number; build: Machine['build']; trouble: Trouble; isReleased: boolean },
): void {
  if (machines.length < 6) return;
  const { agenda } = stage;
  agenda.at(at - 3 * hour, async () => {
    for (const machine of machines) {
      machine.build = build;
      machine.troubles.delete(trouble);
    }
    await Promise.all(machines.filter(({ isEnrolled }) => isEnrolled).map((machine) => machine.report()));
  });
  agenda.at(at, async () => {
    for (const machine of machines.slice(0, Math.ceil(machines.length * 0.6))) {
      if (!machine.isEnrolled) continue;
      machine.troubles.add(trouble);
      stage.clock.reach(stage.now() + 40 * second);
      await machine.report();
    }
    await stage.jobs('watch for doubtful checks');
  });
  if (!isReleased) return;
  agenda.at(at + 3 * hour, async () => {
    const brakes = (await bruno.get('/v1/admin/brakes'))['items'] as { id: string; state: string; build: string }[];
    const reason = 'The vendor confirms that the service is stopped by the update';
    for (const { id } of brakes.filter((brake) => brake.build === build.build && brake.state === 'holding'))
      await unlessOvertaken(() => bruno.post(`/v1/admin/brakes/${id}/release`, { reason }));
  });
  agenda.at(at + 20 * hour, async () => {
    for (const machine of machines) machine.troubles.delete(trouble);
    await Promise.all(machines.filter(({ isEnrolled }) => isEnrolled).map((machine) => machine.report()));
  });
}

const emergencies = [
  {
    share: 0.3,
    verdict: 'ratified',
    note: 'Wages would not have been paid that day.',
    why: 'Payroll is down and the bank closes at four.',
  },
  {
    share: 0.62,
    verdict: 'repudiated',
    note: 'An approver was at her desk. Ask next time.',
    why: 'I need this export now.',
  },
] as const;

function planEmergencies(stage: Stage, company: Company, machines: readonly Machine[]): void {
  const { agenda } = stage;
  for (const [index, { share, verdict, note, why }] of emergencies.entries()) {
    const at = stage.on(stage.dayAt(share), 14.5);
    agenda.at(at, () => emergency(company.onCall[index], machines, why));
    agenda.at(at + 4 * hour, () => review(company, verdict, note));
  }
  agenda.at(stage.end - 3 * hour, () =>
    emergency(company.onCall[2], machines, 'The payroll database does not answer and the run starts at six.'),
  );
}

/** Somebody on call lets themselves in, with a passkey. */
async function emergency(by: Actor | undefined, machines: readonly Machine[], justification: string): Promise<void> {
  const machine = machines.find(({ owner, isEnrolled }) => owner.id === by?.id && isEnrolled);
  if (by === undefined || machine === undefined) return;
  await machine.report();
  const request = {
    resource: payroll,
    role: 'clerk',
    duration: '1h',
    template: 'emergency-access',
    reasonCode: 'outage',
    justification,
  };
  const about = { purpose: 'request', about: { device: machine.id, access: request } };
  await unlessOvertaken(() =>
    by.call('POST', '/v1/me/emergency', { device: machine.id, request }, about, (stepUp) => ({
      device: machine.id,
      request: { ...request, stepUp },
    })),
  );
  await machine.token(payroll);
}

async function review({ approvers }: Company, verdict: string, note: string): Promise<void> {
  const [petra] = approvers;
  if (petra === undefined) return;
  const open = (await petra.get('/v1/admin/reviews'))['items'] as { id: string; kind: string; state: string }[];
  for (const { id } of open.filter(({ kind, state }) => kind === 'emergency' && state !== 'decided'))
    await unlessOvertaken(() => petra.post(`/v1/admin/reviews/${id}/decide`, { verdict, note }));
}
