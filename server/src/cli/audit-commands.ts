import { type Command, InvalidArgumentError } from 'commander';
import { type ChainHead, type ChainVerdict, readChain, verifyChain } from '../audit/index.ts';
import { BackupError, openReader, verifyBackup } from '../storage/index.ts';
import { answer, type CliContext, CommandRefused, type CommonOptions, configOf } from './context.ts';

interface VerifyOptions extends CommonOptions {
  head?: ChainHead;
  file?: string;
}

/** Commands that look at the audit log and change nothing. */
export function addAuditCommands(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('Look after the audit log');
  audit
    .command('verify')
    .description('Read the whole audit chain and tell whether an entry was altered, removed or put in. Writes nothing')
    .option(
      '--head <seq:hash>',
      'an end that an earlier verify printed: shows also what was cut off or rewritten',
      head,
    )
    .option('--file <backup>', 'verify the chain in a backup, without any database')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nKeep the head that it prints where nobody who can write to the database can. Outcomes: intact, altered, missing,\ntruncated, forked.\n\nExamples:\n  postern-server audit verify --json\n  postern-server audit verify --head 1042:3q2-7wEr…\n  postern-server audit verify --file postern.backup',
    )
    .action(async (options: VerifyOptions) => {
      const verdict =
        options.file === undefined
          ? await verifyDatabase(configOf(context).databaseUrl, options.head)
          : await verifyFile(context, options, options.file);
      answer(context, options, toAnswer(verdict), sentenceOf(verdict, options));
      if (verdict.outcome !== 'intact') throw new CommandRefused();
    });
}

async function verifyDatabase(databaseUrl: string, known: ChainHead | undefined): Promise<ChainVerdict> {
  const reader = await openReader(databaseUrl);
  const { read } = reader;
  try {
    const chainId = await read.selectFrom('meta').select('value').where('key', '=', 'chain_id').executeTakeFirst();
    // A database without the id of its chain was not made by this program, or somebody took it away.
    if (chainId === undefined) return { outcome: 'missing', seq: 0 };
    return await verifyChain(readChain(read), {
      chainId: chainId.value,
      ...(known === undefined ? {} : { head: known }),
    });
  } finally {
    await reader.close();
  }
}

async function verifyFile(context: CliContext, options: VerifyOptions, file: string): Promise<ChainVerdict> {
  try {
    return await verifyBackup(file, options.head);
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    answer(
      context,
      options,
      { outcome: 'damaged', seq: null, head: null, error_description: error.message },
      error.message,
    );
    throw new CommandRefused();
  }
}

function toAnswer(verdict: ChainVerdict): object {
  if (verdict.outcome !== 'intact') return { outcome: verdict.outcome, seq: verdict.seq, head: null };
  const { count, head: last } = verdict;
  return { outcome: 'intact', seq: last.seq, head: sayHead(last), count };
}

function sentenceOf(verdict: ChainVerdict, { head: known, file }: VerifyOptions): string {
  const what = file === undefined ? 'The audit log' : `The audit log in ${file}`;
  if (verdict.outcome !== 'intact') return `${what} is NOT whole: ${verdict.outcome} at entry ${verdict.seq}`;
  const since = known === undefined ? '' : `, and goes on from the head ${sayHead(known)}`;
  return [
    `${what} is whole: ${verdict.count} entries${since}. Its head is`,
    `  ${sayHead(verdict.head)}`,
    'Keep it elsewhere, and give it to the next verify with --head: without it, entries missing at the end do not show.',
  ].join('\n');
}

function sayHead({ seq, hash }: ChainHead): string {
  return `${seq}:${hash}`;
}

function head(text: string): ChainHead {
  const [, seq, hash] = /^(\d{1,15}):([\w-]{43})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new InvalidArgumentError('must be what verify printed as head: a number, a colon and a hash.');
  return { seq: Number(seq), hash };
}
