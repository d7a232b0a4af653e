import { toErrorAnswer } from '@postern/shared/protocol/error-answer';
import { Fault } from '@postern/shared/protocol/errors';
import { ConfigError } from '../config-read.ts';
import { isUnreachable } from '../unreachable.ts';
import { type CliContext, exitCodes } from './context.ts';

/** Says why a command did not do what it was asked to, and gives the exit code for that. */
export function tellFailure(context: CliContext, error: unknown, json: boolean): number {
  const { code, answer, lines } = describe(error);
  if (json) context.out(`${JSON.stringify(answer)}\n`);
  for (const line of lines) context.err(`${line}\n`);
  return code;
}

/** The details stand right below it here. */
function sentenceOf({ message, details }: Fault): string {
  return details.length === 0 ? message : message.replace(/ See details\.$/, '');
}

interface Failure {
  code: number;
  answer: object;
  lines: string[];
}

function describe(error: unknown): Failure {
  if (error instanceof ConfigError) {
    const count = error.faults.length;
    return {
      code: exitCodes.refused,
      answer: { error: 'configuration_invalid', faults: error.faults },
      lines: [
        `The configuration has ${count === 1 ? 'one fault' : `${count} faults`}:`,
        ...error.faults.map((fault) => `  ${fault}`),
      ],
    };
  }
  if (error instanceof Fault) {
    return {
      code: exitCodes.refused,
      answer: toErrorAnswer(error),
      lines: [sentenceOf(error), ...error.details.map(({ path, message }) => `  ${path}: ${message}`)],
    };
  }
  const message = error instanceof Error ? error.message : 'an unknown error';
  if (isUnreachable(error)) {
    return {
      code: exitCodes.unreachable,
      answer: { error: 'database_unreachable', error_description: message },
      lines: [
        `The database cannot be reached: ${message}`,
        'Is it running, and is POSTERN_DATABASE_URL (or POSTERN_DATA) right?',
      ],
    };
  }
  const cause = error instanceof Error && error.cause instanceof Error ? [`  ${error.cause.message}`] : [];
  return {
    code: exitCodes.refused,
    answer: { error: 'failed', error_description: message },
    lines: [message, ...cause],
  };
}
