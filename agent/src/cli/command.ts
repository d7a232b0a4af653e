import { Command } from 'commander';
import { z } from 'zod';
import { type Agent, agentOf } from './agent.ts';
import { reportFailure } from './failure.ts';
import { type Paint, paintFor } from './style.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import type { TableOptions } from './verdict-table.ts';

/** What a command runs with. */
export interface CommandContext {
  terminal: Terminal;
  agent: Agent;
  /** Answer with a document for machines. */
  json: boolean;
  /** For standard output. */
  paint: Paint;
  table: TableOptions;
  say: (line: string) => void;
  warn: (line: string) => void;
}

/** One command of the program: a file, and a line in program.ts. */
export type CommandFile = (terminal: Terminal, end: (code: ExitCode) => void) => Command;

/**
 * Makes a command whose work gives an exit code. Every failure ends in one place, and every command has `--json`.
 *
 * @param optionsSchema the options as commander reads them
 * @param define adds arguments, options and help
 */
export function defineCommand<Options extends z.ZodType>(
  name: string,
  optionsSchema: Options,
  define: (command: Command) => Command,
  work: (context: CommandContext, options: z.output<Options>, args: readonly string[]) => Promise<ExitCode>,
): CommandFile {
  return (terminal, end) => {
    const command = define(new Command(name)).option('--json', 'print a document for machines');
    return command.action(async () => {
      const json = command.opts()['json'] === true;
      try {
        end(await work(contextOf(terminal, json), optionsSchema.parse(command.opts()), command.args));
      } catch (error) {
        end(reportFailure(terminal, error, json));
      }
    });
  };
}

function contextOf(terminal: Terminal, json: boolean): CommandContext {
  const paint = paintFor(terminal.stdout, terminal.env);
  return {
    terminal,
    agent: agentOf(terminal),
    json,
    paint,
    table: { columns: terminal.stdout.columns, paint, now: terminal.clock.now() },
    say: (line) => terminal.stdout.write(`${line}\n`),
    warn: (line) => terminal.stderr.write(`${line}\n`),
  };
}

/** Of a command that has none of its own. */
export const noOptions = z.object({});

/** A block of examples under the help of a command. */
export function examples(...lines: readonly [command: string, about: string][]): string {
  return ['', 'Examples:', ...lines.flatMap(([command, about]) => [`  $ ${command}`, `      ${about}`])].join('\n');
}
