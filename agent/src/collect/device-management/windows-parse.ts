import { humanLine } from '@postern/shared/text';
import { z } from 'zod';
import { answerAsJson, faultSchema, sayFault } from '../windows/powershell.ts';
import { isAbsent } from '../windows/registry-script.ts';

/**
 * Domain, Entra join and MDM, from the places that dsregcmd reads too; its own output is for people. Neither the
 * tenant nor the account are read: they say who somebody is. The domain in Tcpip\Parameters is only a suffix for names.
 */
export const script = [
  '$answer = @{ domain = $null; domainFault = $null; joins = $null; joinsFault = $null; enrollments = $null; enrollmentsFault = $null; services = @() }',
  `try { $answer.domain = (Get-CimInstance -ClassName Win32_ComputerSystem -ErrorAction Stop).PartOfDomain } catch { $answer.domainFault = ${sayFault} }`,
  `try { $answer.joins = @(Get-ChildItem -LiteralPath 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo' -Name -ErrorAction Stop).Count } catch { $answer.joinsFault = ${sayFault} }`,
  [
    "try { $root = 'HKLM:\\SOFTWARE\\Microsoft\\Enrollments'",
    "$answer.enrollments = @(Get-ChildItem -LiteralPath $root -Name -ErrorAction Stop | Where-Object { $_ -match '^[{]?[0-9A-Fa-f-]{36}[}]?$' } | ForEach-Object { Get-ItemProperty -LiteralPath ($root + '\\' + $_) -ErrorAction Stop } | Where-Object { $null -ne $_.ProviderID } | ForEach-Object { @{ provider = [string]$_.ProviderID; state = $_.EnrollmentState } })",
    `} catch { $answer.enrollmentsFault = ${sayFault} }`,
  ].join('; '),
  "$answer.services = @(Get-Service -Name 'CcmExec' -ErrorAction SilentlyContinue | ForEach-Object { @{ name = [string]$_.Name; status = [int]$_.Status } })",
  answerAsJson,
].join('; ');

export const answerSchema = z.object({
  domain: z.boolean().nullable(),
  domainFault: faultSchema,
  joins: z.int().min(0).nullable(),
  joinsFault: faultSchema,
  enrollments: z
    .array(z.object({ provider: z.string(), state: z.union([z.number(), z.string(), z.null()]) }))
    .max(128)
    .nullable(),
  enrollmentsFault: faultSchema,
  services: z.array(z.object({ name: z.string().max(64), status: z.int() })).max(8),
});
export type ManagementAnswer = z.infer<typeof answerSchema>;

/** A management that is known, is not there (null), or could not be looked for (undefined). */
export type Place = string | null | undefined;

export function directoryOf({ domain, joins, joinsFault }: ManagementAnswer): Place {
  if (domain === true) return 'active-directory';
  const entra = joins ?? (isAbsent(joinsFault) ? 0 : undefined);
  if (entra !== undefined && entra > 0) return 'entra-id';
  return domain === null || entra === undefined ? undefined : null;
}

const providers = new Map([
  ['ms dm server', 'intune'],
  ['airwatchmdm', 'workspace-one'],
]);
/** Windows' own entries, for programs on the machine that use the same way in. */
const ownEntries = /^(?:wmi_bridge|local_|demo mdm$|microsoft device management$|mdmdiagnostics)/i;
const enrolled = 1;
const running = 4;

/** Who manages it: an enrollment that holds. Windows keeps those that were begun or ended, and dozens of its own. */
export function managerOf({ enrollments, enrollmentsFault, services }: ManagementAnswer): Place {
  const held = (enrollments ?? [])
    .filter(({ provider, state }) => state === enrolled && provider !== '' && !ownEntries.test(provider))
    .map(({ provider }) => providers.get(provider.toLowerCase()) ?? humanLine({ max: 64 }).safeParse(provider).data);
  const known = held.find((name) => name !== undefined && [...providers.values()].includes(name));
  if (held.length > 0) return known ?? held.find((name) => name !== undefined) ?? 'unnamed';
  if (services.some(({ name, status }) => name.toLowerCase() === 'ccmexec' && status === running)) {
    return 'configuration-manager';
  }
  return enrollments !== null || isAbsent(enrollmentsFault) ? null : undefined;
}
