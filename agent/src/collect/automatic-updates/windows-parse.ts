import { day, type Instant } from '@postern/shared/time';
import { z } from 'zod';
import { answerAsJson, faultSchema, sayFault } from '../windows/powershell.ts';
import { askRegistry, registrySchema, settingNumber, settingsOf } from '../windows/registry-script.ts';

const services = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services';
const policy = 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate';

/** Services, policies, pauses, and what the update agent says of itself, in numbers and dates. */
export const script = [
  '$answer = @{ level = $null; levelFault = $null }',
  `$answer.wuauserv = ${askRegistry(`${services}\\wuauserv`, ['Start'])}`,
  `$answer.orchestrator = ${askRegistry(`${services}\\UsoSvc`, ['Start'])}`,
  `$answer.policy = ${askRegistry(policy, ['DisableWindowsUpdateAccess', 'PauseQualityUpdatesStartTime'])}`,
  `$answer.automatic = ${askRegistry(`${policy}\\AU`, ['NoAutoUpdate', 'AUOptions'])}`,
  `$answer.mdm = ${askRegistry('HKLM:\\SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\Update', ['AllowAutoUpdate'])}`,
  `$answer.settings = ${askRegistry('HKLM:\\SOFTWARE\\Microsoft\\WindowsUpdate\\UX\\Settings', ['PauseUpdatesExpiryTime', 'PauseQualityUpdatesEndTime'])}`,
  `$answer.windows = ${askRegistry('HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', ['InstallationType'])}`,
  `try { $answer.level = [int](New-Object -ComObject Microsoft.Update.AutoUpdate -ErrorAction Stop).Settings.NotificationLevel } catch { $answer.levelFault = ${sayFault} }`,
  answerAsJson,
].join('; ');

export const answerSchema = z.object({
  wuauserv: registrySchema(['Start']),
  orchestrator: registrySchema(['Start']),
  policy: registrySchema(['DisableWindowsUpdateAccess'], ['PauseQualityUpdatesStartTime']),
  automatic: registrySchema(['NoAutoUpdate', 'AUOptions']),
  mdm: registrySchema(['AllowAutoUpdate']),
  settings: registrySchema([], ['PauseUpdatesExpiryTime', 'PauseQualityUpdatesEndTime']),
  windows: registrySchema([], ['InstallationType']),
  level: z.int().nullable(),
  levelFault: faultSchema,
});
export type UpdatesAnswer = z.infer<typeof answerSchema>;

/** Start type of a service: it is not started, whoever asks for it. */
const disabled = 4;
/** AUOptions, NotificationLevel: download and install without asking. Lower levels ask before one or the other. */
const scheduled = 4;
/** AUOptions: the person who administers the machine chooses. */
const localChoice = 5;
/** AllowAutoUpdate: 0 asks before the download, 5 is off; between them updates install, and differ in when to restart. */
const mdmInstalls = new Set([1, 2, 3, 4]);

/** Whether updates install by themselves, as long as nobody paused them; undefined where nothing decides it. */
export function installsByItself(answer: UpdatesAnswer): boolean | undefined {
  const starts = new Set([answer.wuauserv, answer.orchestrator].map(startOf));
  if (starts.has(disabled)) return false;
  const policy = settingsOf(answer.policy);
  const automatic = settingsOf(answer.automatic);
  const mdm = settingsOf(answer.mdm);
  if (isSet(settingNumber(automatic, 'NoAutoUpdate'))) return false;
  if (isSet(settingNumber(policy, 'DisableWindowsUpdateAccess'))) return false;

  const options = settingNumber(automatic, 'AUOptions');
  const byMdm = settingNumber(mdm, 'AllowAutoUpdate');
  if (options !== undefined && options !== localChoice && options !== scheduled) return false;
  if (byMdm !== undefined && !mdmInstalls.has(byMdm)) return false;
  if (answer.level !== null && answer.level >= 1 && answer.level < scheduled) return false;

  const isLevel = answer.level === null || (answer.level >= 0 && answer.level <= scheduled);
  const allRead = isLevel && [policy, automatic, mdm].every((read) => read !== undefined) && !starts.has(undefined);
  if (!allRead) return undefined;
  if (options === scheduled || byMdm !== undefined || answer.level === scheduled) return true;
  // Without a policy, Windows 10 and later install by themselves and offer no other choice; a server leaves it to its people.
  return settingsOf(answer.windows)?.get('InstallationType') === 'Client' ? true : undefined;
}

/** Undefined where it was not told, or is a number that no service has. */
function startOf(key: UpdatesAnswer['wuauserv']): number | undefined {
  const start = settingNumber(settingsOf(key), 'Start');
  return start !== undefined && start >= 0 && start <= disabled ? start : undefined;
}

function isSet(value: number | undefined): boolean {
  return value !== undefined && value !== 0;
}

/** An administrator's pause ends by itself after so many days. */
const policyPause = 35 * day;

/**
 * Until when somebody paused updates, null where nobody did, and undefined where that could not be read. The
 * times are text (ISO 8601), also that of the pause in Settings: read as a number, it is never a pause.
 */
export function pausedUntil(answer: UpdatesAnswer, now: Instant): Instant | null | undefined {
  const settings = settingsOf(answer.settings);
  const policy = settingsOf(answer.policy);
  if (settings === undefined || policy === undefined) return undefined;
  const ends = [
    instantOf(settings.get('PauseUpdatesExpiryTime'), 0),
    instantOf(settings.get('PauseQualityUpdatesEndTime'), 0),
    instantOf(policy.get('PauseQualityUpdatesStartTime'), policyPause),
  ];
  if (ends.includes(undefined)) return undefined;
  const latest = Math.max(...ends.map((end) => end ?? 0));
  return latest > now ? latest : null;
}

const isoTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?Z?)?$/;

function instantOf(value: number | string | undefined, more: number): Instant | null | undefined {
  if (value === undefined || value === '' || value === 0) return null;
  if (typeof value === 'number' || !isoTime.test(value)) return undefined;
  const time = Date.parse(value.includes('T') && !value.endsWith('Z') ? `${value}Z` : value);
  return Number.isNaN(time) ? undefined : time + more;
}
