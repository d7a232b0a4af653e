import type { browsers } from '@postern/shared/checks/browsers';
import { humanLine } from '@postern/shared/text';
import { z } from 'zod';
import { answerAsJson, faultSchema, sayFault } from '../windows/powershell.ts';

const uninstall = 'Microsoft\\Windows\\CurrentVersion\\Uninstall\\*';

/** One list of installed programs, of which only browsers leave the machine. Named values: a broken one elsewhere in a key would stop PowerShell. */
function ask(path: string): string {
  return `$( try { @{ fault = $null; programs = @(Get-ItemProperty -Path '${path}' -Name DisplayName, DisplayVersion -ErrorAction SilentlyContinue | Where-Object { [string]$_.DisplayName -match $pattern } | ForEach-Object { @{ name = [string]$_.DisplayName; version = [string]$_.DisplayVersion } }) } } catch { @{ fault = ${sayFault}; programs = $null } } )`;
}

/**
 * What is installed for everybody, in both views, for each user whose settings are loaded, and from the Store.
 * BLBeacon says which version somebody last used and stays behind when a browser is removed: it is not asked.
 */
export const script = [
  "$pattern = '^(Google Chrome|Chromium|Mozilla Firefox|Firefox|Microsoft Edge|Brave|Opera|Vivaldi)'",
  '$answer = @{ store = @() }',
  `$answer.machine = ${ask(`HKLM:\\SOFTWARE\\${uninstall}`)}`,
  `$answer.machine32 = ${ask(`HKLM:\\SOFTWARE\\WOW6432Node\\${uninstall}`)}`,
  `$answer.own = ${ask(`HKCU:\\Software\\${uninstall}`)}`,
  `$answer.users = ${ask(`Registry::HKEY_USERS\\*\\Software\\${uninstall}`)}`,
  "try { $answer.store = @(Get-AppxPackage -Name 'Mozilla.*Firefox*' -ErrorAction Stop | ForEach-Object { @{ name = 'Mozilla Firefox'; version = [string]$_.Version } }) } catch { }",
  '$answer.readable = $(try { [bool](Test-Path -LiteralPath HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall -ErrorAction Stop) } catch { $false })',
  answerAsJson,
].join('; ');

const programs = z.array(z.object({ name: z.string().max(512), version: z.string().max(512) })).max(256);
const list = z.object({ fault: faultSchema, programs: programs.nullable() });

export const answerSchema = z.object({
  machine: list,
  machine32: list,
  own: list,
  /** Of the others that are signed in: Windows shows these to administrators only. */
  users: list,
  store: programs,
  readable: z.boolean(),
});
export type BrowsersAnswer = z.infer<typeof answerSchema>;

type Browser = z.infer<typeof browsers.value>['browsers'][number];

/** The names that makers give, to be the whole but for edition, version, architecture and language. Not WebView2, updaters, or other things of the name. */
const names: [RegExp, string][] = [
  [/^Google Chrome(?: (?:Beta|Dev|Canary))?$/i, 'chrome'],
  [/^Chromium$/i, 'chromium'],
  [
    /^(?:Mozilla )?Firefox(?: (?:ESR|Beta|Nightly|Developer Edition))?(?: \d[\d.]*(?:esr)?)?(?: ESR)?(?: \([^()]{1,40}\)| x\d\d [\w-]{2,12})?$/i,
    'firefox',
  ],
  [/^Microsoft Edge(?: (?:Beta|Dev|Canary))?$/i, 'edge'],
  [/^Brave(?: (?:Beta|Nightly))?$/i, 'brave'],
  [/^Opera(?: GX)?(?: (?:Stable|beta|developer))?(?: \d[\d.]*)?$/i, 'opera'],
  [/^Vivaldi$/i, 'vivaldi'],
];

const most = 32;

/** The browsers of the answer, each version once. */
export function browsersOf(answer: BrowsersAnswer): Browser[] {
  const registry = [answer.machine, answer.machine32, answer.own, answer.users].flatMap((part) => part.programs ?? []);
  const seen = new Map<string, Browser>();
  const add = (program: { name: string; version: string }, source: string) => {
    const name = names.find(([pattern]) => pattern.test(program.name.trim()))?.[1];
    const version = humanLine({ max: 64 }).safeParse(program.version).data;
    if (name !== undefined)
      seen.set(`${name} ${version ?? ''} ${source}`, { name, version: version ?? 'unknown', source });
  };
  for (const program of registry) add(program, 'registry');
  for (const program of answer.store) add(program, 'store');
  return [...seen.values()].slice(0, most);
}
