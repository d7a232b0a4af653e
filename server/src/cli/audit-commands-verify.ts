import { createReadStream } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import {
  type ChainHead,
  type ChainVerdict,
  type LogKnowledge,
  type LogVerdict,
  verifyLog,
  verifyStored,
} from '../audit/index.ts';
import { BackupError, openReader, verifyBackup } from '../storage/index.ts';
import { answer, type CliContext, CommandRefused, type CommonOptions, configOf } from './context.ts';
import { readNamedFile, reasonOf } from './named-file.ts';

interface VerifyOptions extends CommonOptions {
  head?: ChainHead;
  file?: string;
  checkpoint?: string[];
  key?: string;
}

/** Scripts tell by these what is wrong with a log; 0 to 3 mean what they mean for every command. */
const exitCodeOf = {
  intact: 0,
  altered: 10,
  missing: 11,
  truncated: 12,
  forked: 13,
  unsigned: 14,
  unreadable: 15,
} as const;

const help = `
Exit codes: 0 intact, 10 altered, 11 missing, 12 truncated, 13 forked, 14 unsigned, 15 unreadable.
Keep the head that it prints, the checkpoints and the key where nobody who can write to the database can.

Examples:
  postern-server audit verify --json
  postern-server audit verify --head 1042:3q2-7wEr…
  postern-server audit verify audit.jsonl --key "$(cat postern-audit.vkey)" --checkpoint latest
  postern-server audit verify --file postern.backup`;

/** Tells whether an entry was altered, removed or put in. Writes nothing. */
export function addAuditVerifyCommand(audit: Command, context: CliContext): void {
  audit
    .command('verify')
    .argument('[log]', 'a file that audit export wrote as JSON Lines; needs neither database nor configuration')
    .description('Read the whole audit chain and tell whether an entry was altered, removed or put in. Writes nothing')
    .option(
      '--head <seq:hash>',
      'an end that an earlier verify printed: shows also what was cut off or rewritten',
      head,
    )
    .option('--checkpoint <file>', 'a checkpoint that was kept elsewhere; may be given again', collect)
    .option('--key <vkey>', 'the key that must have signed the log, as audit key printed it')
    .option('--file <backup>', 'verify the chain in a backup, without any database')
    .option('--json', 'print JSON')
    .addHelpText('after', help)
    .action(async (log: string | undefined, options: VerifyOptions) => {
      if (log !== undefined && options.file === undefined) return verifyExport(context, options, log);
      if (log !== undefined || options.checkpoint !== undefined || options.key !== undefined) {
        context.err('--checkpoint and --key are for a file that audit export wrote, and --file is for a backup.\n');
        throw new CommandRefused(2);
      }
      const verdict =
        options.file === undefined
          ? await verifyDatabase(context, options.head)
          : await verifyFile(context, options, options.file);
      answer(context, options, toAnswer(verdict), sentenceOf(verdict, options));
      if (verdict.outcome !== 'intact') throw new CommandRefused(exitCodeOf[verdict.outcome]);
    });
}

async function verifyExport(context: CliContext, options: VerifyOptions, file: string): Promise<void> {
  const checkpoints = await Promise.all((options.checkpoint ?? []).map(readNamedFile));
  const known: LogKnowledge = {
    checkpoints,
    ...(options.head === undefined ? {} : { head: options.head }),
    ...(options.key === undefined ? {} : { key: options.key.trim() }),
  };
  const verdict = await read(file, known, (entries) => context.err(`${entries} entries read\n`));
  const shown = verdict.outcome === 'intact' ? { ...verdict, head: sayHead(verdict.head) } : verdict;
  answer(context, options, shown, sayExport(file, verdict));
  if (verdict.outcome !== 'intact') throw new CommandRefused(exitCodeOf[verdict.outcome]);
}

async function read(file: string, known: LogKnowledge, said: (entries: number) => void): Promise<LogVerdict> {
  try {
    return await verifyLog(createReadStream(file, { highWaterMark: 1024 * 1024 }), known, said);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { outcome: 'unreadable', seq: null, line: null, why: `${file} cannot be read: ${reasonOf(error)}.` };
  }
}

function sayExport(file: string, verdict: LogVerdict): string {
  if (verdict.outcome !== 'intact') {
    const where = verdict.line === null ? '' : ` (line ${verdict.line})`;
    if (verdict.outcome === 'unreadable') return `${file} is NOT verified: unreadable${where}. ${verdict.why}`;
    return `${file} is NOT whole: ${verdict.outcome}${where}. ${verdict.why}`;
  }
  const { entries, signed, key, keyFrom } = verdict;
  const whose =
    keyFrom === 'file'
      ? `They are signed by the key in the file, which proves nothing about who made it: anybody can sign with a key of their own.\nCompare it with what audit key prints, or give that with --key.\n  ${key}`
      : 'They are signed by the key that was given.';
  return `${file} is whole: ${entries} entries, ${signed} of them under a signed checkpoint. Its head is\n  ${sayHead(verdict.head)}\n${whose}`;
}

async function verifyDatabase(context: CliContext, known: ChainHead | undefined): Promise<ChainVerdict> {
  const config = configOf(context);
  const reader = await openReader(config.databaseUrl);
  try {
    return await verifyStored(reader.read, config, known);
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

function collect(file: string, files: string[] = []): string[] {
  return [...files, file];
}
