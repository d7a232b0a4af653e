import { day, toTimestamp, type Instant } from '@postern/shared/time';
import { z } from 'zod';
import { answerAsJson, faultSchema, sayFault } from '../windows/powershell.ts';
import { askRegistry, registrySchema, settingsOf } from '../windows/registry-script.ts';

const autoUpdate = 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update';
const servicing = 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';

/**
 * What the update agent already knows: a search online would ask Microsoft, and take minutes. The time of
 * its last search is UTC, and stood in the registry before Windows 10.
 */
export const script = [
  '$answer = @{ updates = $null; total = $null; result = $null; fault = $null; searched = $null; restart = @() }',
  [
    'try { $searcher = (New-Object -ComObject Microsoft.Update.Session -ErrorAction Stop).CreateUpdateSearcher(); $searcher.Online = $false',
    "$found = $searcher.Search('IsInstalled=0 and IsHidden=0'); $answer.result = [int]$found.ResultCode; $answer.total = [int]$found.Updates.Count",
    '$answer.updates = @($found.Updates | Select-Object -First 500 | ForEach-Object { @{ optional = [bool]$_.BrowseOnly; severity = [string]$_.MsrcSeverity; categories = @($_.Categories | ForEach-Object { [string]$_.CategoryID }) } })',
    `} catch { $answer.fault = ${sayFault} }`,
  ].join('; '),
  "try { $time = (New-Object -ComObject Microsoft.Update.AutoUpdate -ErrorAction Stop).Results.LastSearchSuccessDate; if ($null -ne $time) { $answer.searched = [DateTime]::SpecifyKind($time, 'Utc').ToString('o') } } catch { }",
  `$answer.detected = ${askRegistry(`${autoUpdate}\\Results\\Detect`, ['LastSuccessTime'])}`,
  `$answer.restart = @('${autoUpdate}\\RebootRequired', '${servicing}\\RebootPending' | ForEach-Object { $there = $null; try { $there = [bool](Test-Path -LiteralPath $_ -ErrorAction Stop) } catch { }; $there })`,
  answerAsJson,
].join('; ');

/** As every category of an update is named. */
const guid = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i);

export const answerSchema = z.object({
  updates: z
    .array(
      z.object({
        optional: z.boolean(),
        severity: z.string().max(64),
        categories: z.array(guid).max(64),
      }),
    )
    .max(500)
    .nullable(),
  total: z.int().min(0).nullable(),
  /** OperationResultCode of the search; 2 is success. */
  result: z.int().nullable(),
  fault: faultSchema,
  searched: z.string().max(40).nullable(),
  detected: registrySchema([], ['LastSuccessTime']),
  restart: z.array(z.boolean().nullable()).max(4),
});
export type PendingAnswer = z.infer<typeof answerSchema>;
type Update = NonNullable<PendingAnswer['updates']>[number];

const securityUpdates = '0fa1201d-4330-4fa8-8ae9-b877473b6441';
const criticalUpdates = 'e6cf1350-c01b-414d-a61f-263d14d133b4';

/**
 * What Windows would install of itself, and how much of it mends a weakness. Previews and most drivers are
 * there to be chosen (BrowseOnly): nobody is behind who did not.
 */
export function countOf(updates: readonly Update[]): { count: number; securityCount: number } {
  const offered = updates.filter(({ optional }) => !optional);
  const security = offered.filter(
    ({ severity, categories }) =>
      severity !== '' || categories.some((id) => [securityUpdates, criticalUpdates].includes(id.toLowerCase())),
  );
  return { count: offered.length, securityCount: security.length };
}

/** When the list was last fetched; null where Windows does not say, or names a time that cannot be. */
export function refreshedAt({ searched, detected }: PendingAnswer, now: Instant): string | null {
  const stored = settingsOf(detected)?.get('LastSuccessTime');
  const texts = [searched ?? '', typeof stored === 'string' ? `${stored.replace(' ', 'T')}Z` : ''];
  const times = texts
    .filter((text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?Z$/.test(text))
    .map((text) => Date.parse(text))
    .filter((time) => time >= Date.UTC(2015, 0, 1) && time <= now + day);
  return times.length === 0 ? null : toTimestamp(Math.max(...times));
}

/** One reason to restart suffices; that there is none is only known where both were looked at. */
export function restartRequired(restart: readonly (boolean | null)[]): boolean | null {
  if (restart.includes(true)) return true;
  return restart.length === 0 || restart.includes(null) ? null : false;
}
