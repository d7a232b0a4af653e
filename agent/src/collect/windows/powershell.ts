import { z } from 'zod';
import { unanswered, unknown, type Finding } from '../finding.ts';
import type { System } from '../system.ts';
import { systemTool } from './system-root.ts';

/** A cold start of PowerShell with its management classes takes seconds on a busy machine. */
const deadlineMs = 20_000;

/** Put first in a script: names of products and drives arrive as UTF-8 instead of the console's code page, where that may be set. */
export const speakUtf8 = 'try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { }';

/** Put last: what the script built, on one line. Half of it is no JSON, so a cut is noticed. */
export const answerAsJson = 'ConvertTo-Json -Compress -Depth 6 -InputObject $answer';

/** In a catch block: PowerShell's error id and the number of the error, both the same in every language. */
export const sayFault = "([string]$_.FullyQualifiedErrorId + ' 0x' + ('{0:x8}' -f $_.Exception.HResult))";

export const faultSchema = z.string().max(1000).nullable();

/**
 * What a constant script answered, as JSON that the script itself made: PowerShell's own texts are in
 * the user's language. `-Command` is not subject to the execution policy, and no profile is loaded.
 *
 * @param input what the script reads from `$input`, in ASCII: the only way in for what somebody else wrote
 */
export async function askPowerShell<Answer>(
  system: System,
  script: string,
  schema: z.ZodType<Answer>,
  method: string,
  input?: string,
): Promise<{ status: 'answered'; answer: Answer } | Finding<never>> {
  const program = systemTool(system, 'WindowsPowerShell\\v1.0\\powershell.exe');
  const result = await system.run(program, ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script], {
    deadlineMs,
    ...(input === undefined ? {} : { input }),
  });
  if (result.outcome !== 'exited') return { ...unanswered(result, 'PowerShell'), method };
  if (result.code !== 0) {
    return unknown(
      'failed',
      `PowerShell stopped with code ${result.code}. Run ${method} in PowerShell to see why.`,
      method,
    );
  }
  const parsed = schema.safeParse(parseJson(result.stdout));
  if (parsed.success) return { status: 'answered', answer: parsed.data };
  return unknown('output-unreadable', `PowerShell answered ${method} with something else than was asked.`, method);
}

/** JSON or undefined; a byte order mark in front, which PowerShell 5 may print, is no fault. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

/**
 * Why a part of a script gave nothing, by PowerShell's error id: the same in every language. Written
 * to be followed by what to do.
 */
export function explainFault(fault: string | null): {
  reason: 'permission-denied' | 'tool-absent' | 'failed';
  detail: string;
} {
  if (fault !== null && /ConstrainedLanguage/i.test(fault)) {
    return {
      reason: 'permission-denied',
      detail:
        'PowerShell is restricted on this machine (Constrained Language Mode). Ask an administrator to allow the agent.',
    };
  }
  if (
    fault !== null &&
    /0x80041003|0x80070005|AccessDenied|UnauthorizedAccess|SecurityException|Windows System Error 5,/i.test(fault)
  ) {
    return {
      reason: 'permission-denied',
      detail: 'Windows refused the question for this user. Ask an administrator to run the agent as a service.',
    };
  }
  if (fault !== null && /CommandNotFound/i.test(fault)) {
    return { reason: 'tool-absent', detail: 'This Windows lacks the PowerShell command that answers it.' };
  }
  return {
    reason: 'failed',
    detail: 'Windows gave an error instead of an answer. Restart the machine and check again.',
  };
}
