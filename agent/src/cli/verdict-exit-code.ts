import type { Verdict } from '@postern/shared/protocol/verdict';
import type { ExitCode } from './terminal.ts';

/** 0 while access is open, 1 once it is closed. */
export function exitCodeOf({ status }: Pick<Verdict, 'status'>): ExitCode {
  return status === 'compliant' || status === 'grace' ? 0 : 1;
}
