import assert from 'node:assert/strict';
import type { Finding } from '../../finding.ts';
import type { CommandResult, System } from '../../system.ts';
import { reasonOf } from '../../testing/assert-finding.ts';
import { exited, recordedSystem, refused, type RecordedSystem } from '../../testing/recorded-system.ts';

const tools = 'C:\\Windows\\System32\\';

/** A Windows whose PowerShell answers one script. It is 21 November 2026, 09:30 UTC. */
export function windowsAnswering(script: string, answer: string | CommandResult): RecordedSystem {
  const command = `${tools}WindowsPowerShell\\v1.0\\powershell.exe -NoLogo -NoProfile -NonInteractive -Command ${script}`;
  return recordedSystem({ platform: 'windows', commands: { [command]: answer } });
}

/** What reg.exe says in German of a key that is absent, and of one that is refused. */
export const keyNotThere = exited(
  1,
  '',
  'FEHLER: Der angegebene Registrierungsschlüssel bzw. Wert wurde nicht gefunden.\r\n',
);
export const keyRefused = exited(1, '', 'FEHLER: Zugriff verweigert\r\n');

/** A Windows whose reg.exe answers these queries, by what follows `reg query`. Any other key is not there. */
export function windowsRegistry(queries: Record<string, string | CommandResult>): RecordedSystem {
  const program = `${tools}reg.exe`;
  const commands = Object.entries(queries).map(([key, answer]) => [`${program} query ${key}`, answer] as const);
  const recorded = recordedSystem({ platform: 'windows', commands: Object.fromEntries(commands) });
  const isRecorded = new Set<string>(commands.map(([command]) => command));
  return {
    ...recorded,
    run: async (tool, args) => {
      const result = await recorded.run(tool, args);
      return tool === program && !isRecorded.has([tool, ...args].join(' ')) ? keyNotThere : result;
    },
  };
}

const noAnswers = [
  '',
  '1',
  '[]',
  '{}',
  '<html><body>Proxy</body></html>',
  'Die Benennung "Get-CimInstance" wurde nicht als Name eines Cmdlet erkannt.',
  "用語 'Get-CimInstance' は、コマンドレットの名前として認識されません。",
];

/**
 * What every collector that asks PowerShell must hold to: a tool that is absent, refused, silent or foreign, and
 * each beginning of a true answer, end as unknown with the fitting reason.
 */
export async function assertOnlyAnswersBelieved(
  script: string,
  read: (system: System) => Promise<Finding<unknown>>,
  whole: string,
): Promise<void> {
  assert.doesNotMatch(script, /["`\n]|\$\{/, 'constant, and without a quote that a command line could misread');
  assert.ok(script.length < 8000, 'short enough for a command line');
  const reasonFor = async (answer: string | CommandResult) => reasonOf(await read(windowsAnswering(script, answer)));
  assert.equal(reasonOf(await read(recordedSystem({ platform: 'windows' }))), 'tool-absent');
  assert.equal(await reasonFor(refused), 'permission-denied');
  assert.equal(await reasonFor({ outcome: 'timed-out' }), 'timed-out');
  assert.equal(await reasonFor({ outcome: 'too-much-output' }), 'output-unreadable');
  assert.equal(await reasonFor(exited(1, '', 'Zugriff verweigert')), 'failed');
  for (const text of noAnswers) assert.equal(await reasonFor(text), 'output-unreadable', text);
  for (let length = 0; length < whole.trimEnd().length; length += 1) {
    assert.equal(await reasonFor(whole.slice(0, length)), 'output-unreadable', `the first ${length} characters`);
  }
}

/** The same for one answer of reg.exe: what lacks more than its last line end is never believed. */
export async function assertNoPartBelieved(
  whole: string,
  read: (part: string) => Promise<Finding<unknown>>,
): Promise<void> {
  const complete = await read(whole);
  for (let length = 0; length < whole.length; length += 1) {
    const finding = await read(whole.slice(0, length));
    if (finding.status !== 'unknown') assert.deepEqual(finding, complete, `the first ${length} characters`);
  }
}
