import { day, type Instant } from '@postern/shared/time';
import { z } from 'zod';
import { answerAsJson, faultSchema, sayFault } from '../windows/powershell.ts';

/**
 * The history of Windows Update, and the cumulative updates that the servicing stack has installed, by whatever
 * way they came. Both tell times in UTC; Win32_QuickFixEngineering tells dates in the user's language. `o` is
 * the one format of .NET that no culture or calendar changes. Titles stay on the machine but for the KB number.
 */
export const script = [
  '$answer = @{ history = $null; historyFault = $null; packages = $null; packagesFault = $null }',
  [
    'try { $searcher = (New-Object -ComObject Microsoft.Update.Session -ErrorAction Stop).CreateUpdateSearcher(); $total = $searcher.GetTotalHistoryCount()',
    "$answer.history = @(if ($total -gt 0) { $searcher.QueryHistory(0, [Math]::Min($total, 400)) | ForEach-Object { @{ at = [DateTime]::SpecifyKind($_.Date, 'Utc').ToString('o'); operation = [int]$_.Operation; result = [int]$_.ResultCode; kb = [regex]::Match([string]$_.Title, 'KB[0-9]{6,8}').Value; categories = @($_.Categories | ForEach-Object { [string]$_.CategoryID }) } } })",
    `} catch { $answer.historyFault = ${sayFault} }`,
  ].join('; '),
  [
    "try { $packages = 'HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Packages'",
    "$answer.packages = @(Get-ChildItem -LiteralPath $packages -Name -ErrorAction Stop | Where-Object { $_ -like 'Package_for_RollupFix~*' } | Select-Object -Last 64 | ForEach-Object { Get-ItemProperty -LiteralPath ($packages + '\\' + $_) -ErrorAction Stop } | ForEach-Object { @{ state = $_.CurrentState; high = $_.InstallTimeHigh; low = $_.InstallTimeLow } })",
    `} catch { $answer.packagesFault = ${sayFault} }`,
  ].join('; '),
  answerAsJson,
].join('; ');

/** As every category of an update is named. */
const guid = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i);

export const answerSchema = z.object({
  history: z
    .array(
      z.object({
        at: z.string().max(40),
        operation: z.int(),
        result: z.int(),
        kb: z.string().regex(/^(?:KB[1-9]\d{5,7})?$/),
        categories: z.array(guid).max(64),
      }),
    )
    .max(400)
    .nullable(),
  historyFault: faultSchema,
  packages: z
    .array(z.object({ state: z.int().nullable(), high: z.int().nullable(), low: z.int().nullable() }))
    .max(64)
    .nullable(),
  packagesFault: faultSchema,
});
export type LastUpdateAnswer = z.infer<typeof answerSchema>;
type Entry = NonNullable<LastUpdateAnswer['history']>[number];
type Package = NonNullable<LastUpdateAnswer['packages']>[number];

const installation = 1;
const removal = 2;
/** OperationResultCode. 3 is "succeeded with errors", which is for nobody to rely on. */
const succeeded = 2;
const definitionUpdates = 'e0789628-ce08-4437-be74-2495b842f43b';
/**
 * What Windows Update brings several times a day or by the side and that mends nothing in Windows: lists and
 * platform of Defender, the removal tool for malware, and the update service's own parts.
 */
const notPatches = new Set([
  'KB2267602',
  'KB2310138',
  'KB2461484',
  'KB4052623',
  'KB5007651',
  'KB890830',
  'KB4023057',
  'KB5001716',
]);

/** When the newest update came that the history knows, and that was not removed again. Apps of the Store have no KB number. */
export function newestInHistory(history: readonly Entry[], now: Instant): Instant | undefined {
  // One whose time cannot be read may be a removal.
  if (!history.every(({ at }) => isoTime.test(at))) return undefined;
  const done = history.flatMap((entry) => {
    const at = instantOf(entry.at, now);
    return at !== undefined && entry.result === succeeded && entry.kb !== '' ? [{ ...entry, at }] : [];
  });
  const installed = done.filter(
    ({ at, operation, kb, categories }) =>
      operation === installation &&
      !notPatches.has(kb) &&
      !categories.some((category) => category.toLowerCase() === definitionUpdates) &&
      !done.some((other) => other.operation === removal && other.kb === kb && other.at >= at),
  );
  return newest(installed.map(({ at }) => at));
}

/** CurrentState of a package of the servicing stack: installed. 80 is superseded, 64 only staged, 96 waits for a restart. */
const installed = 112;
/** FILETIME counts tenths of microseconds since 1601. */
const fileTimeOf1970 = 11_644_473_600_000;

/** When the newest cumulative update was installed. DWORDs arrive as signed numbers. */
export function newestPackage(packages: readonly Package[], now: Instant): Instant | undefined {
  return newest(
    packages.flatMap(({ state, high, low }) => {
      if (state !== installed || high === null || low === null) return [];
      const time = Math.floor(((high >>> 0) * 2 ** 32 + (low >>> 0)) / 10_000) - fileTimeOf1970;
      return isBelievable(time, now) ? [time] : [];
    }),
  );
}

const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?Z$/;

function instantOf(text: string, now: Instant): Instant | undefined {
  const time = Date.parse(text);
  return isBelievable(time, now) ? time : undefined;
}

/** Not from before Windows 10, and not from the future, but for a clock that was set. */
function isBelievable(time: Instant, now: Instant): boolean {
  return time >= Date.UTC(2015, 0, 1) && time <= now + day;
}

function newest(times: readonly Instant[]): Instant | undefined {
  return times.length === 0 ? undefined : Math.max(...times);
}
