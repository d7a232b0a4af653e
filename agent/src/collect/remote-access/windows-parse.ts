import type { remoteAccess } from '@postern/shared/checks/remote-access';
import { z } from 'zod';
import { answerAsJson, faultSchema, sayFault } from '../windows/powershell.ts';
import { askRegistry, registrySchema, settingNumber, settingsOf } from '../windows/registry-script.ts';

const terminalServer = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server';

/** Every socket that waits, with the name of its program, and what is set for Remote Desktop. Nothing is dialled. */
export const script = [
  '$answer = @{ sockets = $null; socketsFault = $null }',
  '$names = @{}; try { Get-Process -ErrorAction Stop | ForEach-Object { $names[[string]$_.Id] = [string]$_.ProcessName } } catch { }',
  `try { $answer.sockets = @(Get-NetTCPConnection -State Listen -ErrorAction Stop | ForEach-Object { @{ address = [string]$_.LocalAddress; port = [int]$_.LocalPort; program = [string]$names[[string]$_.OwningProcess] } }) } catch { $answer.socketsFault = ${sayFault} }`,
  `$answer.settings = ${askRegistry(terminalServer, ['fDenyTSConnections'])}`,
  `$answer.policy = ${askRegistry('HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services', ['fDenyTSConnections'])}`,
  `$answer.listener = ${askRegistry(`${terminalServer}\\WinStations\\RDP-Tcp`, ['PortNumber'])}`,
  answerAsJson,
].join('; ');

const socket = z.object({
  address: z.string().max(128),
  port: z.int().min(0).max(65_535),
  program: z.string().max(260),
});

export const answerSchema = z.object({
  sockets: z.array(socket).max(8192).nullable(),
  socketsFault: faultSchema,
  settings: registrySchema(['fDenyTSConnections']),
  policy: registrySchema(['fDenyTSConnections']),
  listener: registrySchema(['PortNumber']),
});
export type RemoteAnswer = z.infer<typeof answerSchema>;
type Socket = z.infer<typeof socket>;
type Service = z.infer<typeof remoteAccess.value>['services'][number];

const rdpPort = 3389;
const byPort = new Map([
  [22, 'ssh'],
  [445, 'smb'],
  [5900, 'vnc'],
  [5985, 'winrm'],
  [5986, 'winrm'],
]);
/** Programs that may be set to any port. Windows' own services share a program, so those are known by their ports. */
const byProgram: [RegExp, string][] = [
  [/^sshd$/i, 'ssh'],
  [/^(?:winvnc4?|tvnserver|vncserver|uvnc_service)$/i, 'vnc'],
];

/** Where Remote Desktop waits: somebody may have moved it. Undefined where it was moved to what is no port. */
export function rdpPortOf({ listener }: RemoteAnswer): number | undefined {
  const port = settingNumber(settingsOf(listener), 'PortNumber');
  if (port === undefined) return rdpPort;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** The services that wait, each once and as open as its most open socket. Remote Desktop is also named where it does not wait. */
export function servicesOf(sockets: readonly Socket[], rdp: number): Service[] {
  const services = new Map<string, Service>([['rdp', { name: 'rdp', open: 'no', port: null }]]);
  for (const { address, port, program } of sockets) {
    const name = nameOf(port, program, rdp);
    if (name === undefined || port === 0) continue;
    const open = isLoopback(address) ? 'this-machine' : 'anywhere';
    const before = services.get(name);
    if (before === undefined || before.open === 'no' || (before.open === 'this-machine' && open === 'anywhere')) {
      services.set(name, { name, open, port });
    }
  }
  return [...services.values()];
}

function nameOf(port: number, program: string, rdp: number): string | undefined {
  if (port === rdp || port === rdpPort) return 'rdp';
  return byProgram.find(([pattern]) => pattern.test(program))?.[1] ?? byPort.get(port);
}

/** Anything but a loopback address counts as reachable, also one that is not understood. */
function isLoopback(address: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address) || /^::1(?:%\d+)?$/.test(address);
}

/** Whether Remote Desktop is switched on; the policy wins. Undefined where that was not told. */
export function isRdpAllowed({ settings, policy }: RemoteAnswer): boolean | undefined {
  const group = settingsOf(policy);
  if (group === undefined) return undefined;
  const deny = settingNumber(group, 'fDenyTSConnections') ?? settingNumber(settingsOf(settings), 'fDenyTSConnections');
  return deny === undefined ? undefined : deny === 0;
}
