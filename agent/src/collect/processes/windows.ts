// Read from recorded output; not run on the system itself.
import { z } from 'zod';
import { found, type Finding } from '../finding.ts';
import type { Wish } from '../collector.ts';
import type { System } from '../system.ts';
import { askPowerShell, speakUtf8 } from '../windows/powershell.ts';
import { baseName, mostTargets, type Processes } from './named.ts';

const method = 'Get-Process (Path)';

// Where Windows does not show the path of another user's or a protected process, its name is all that there is.
const script = `${speakUtf8}
$paths = @{}; $hidden = @{}
foreach ($one in Get-Process) { if ($one.Path) { $paths[$one.Path] = 1 } elseif ($one.Id -ne 0) { $hidden[$one.ProcessName] = 1 } }
ConvertTo-Json -Compress -InputObject @{ paths = @($paths.Keys); hidden = @($hidden.Keys) }`;

const answerSchema = z.strictObject({
  // Windows runs some of its own from files: without any path the list is not whole.
  paths: z.array(z.string().max(32_768)).min(1).max(10_000),
  hidden: z.array(z.string().max(1024)).max(10_000),
});
type Answer = z.infer<typeof answerSchema>;

/** Whether the named programs run, by the path of the file that each process was started from. */
export async function readWindows(system: System, { targets }: Wish): Promise<Finding<Processes>> {
  if (targets.length === 0) return found({ processes: [] }, method);
  const asked = await askPowerShell(system, script, answerSchema, method);
  return asked.status === 'answered' ? found(match(targets.slice(0, mostTargets), asked.answer), method) : asked;
}

/** Windows tells the cases of paths not apart. The name of a process is the kernel's own, unlike on other systems. */
export function match(targets: readonly string[], { paths, hidden }: Answer): Processes {
  const running = new Set(paths.map(comparable));
  const unseen = new Set(hidden.map(comparable));
  return {
    processes: targets.map((path) => {
      const name = comparable(baseName(path)).replace(/\.exe$/, '');
      const isRunning = running.has(comparable(path));
      return { path, running: !isRunning && unseen.has(name) ? null : isRunning };
    }),
  };
}

function comparable(path: string): string {
  return path.replaceAll('/', '\\').toLowerCase();
}
