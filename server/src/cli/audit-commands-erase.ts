import { type Command, InvalidArgumentError } from 'commander';
import { eraseTextSchema } from '@postern/shared/protocol/audit';
import { type Id, idSchema } from '@postern/shared/ids';
import { type Erased, eraseTextAt, eraseTextsOf } from '../audit/index.ts';
import { systemActor } from '../audit/event.ts';
import { answer, type CliContext, CommandRefused, type CommonOptions, exitCodes, withExisting } from './context.ts';

interface EraseOptions extends CommonOptions {
  person?: Id<'user'>;
  reason: string;
}

/** Erases personal text; what it said cannot be got back from the log. */
export function addAuditEraseCommand(audit: Command, context: CliContext): void {
  audit
    .command('erase')
    .argument('[seq]', 'the entry whose text is erased', entryNumber)
    .description('Erase what a person wrote, for good: at one entry, or all of a person. The chain still verifies')
    .option(
      '--person <id>',
      'all that this person wrote, and that was written on them, their devices and requests',
      person,
    )
    .requiredOption('--reason <text>', 'why; it is kept in the audit log: do not repeat what is erased', reason)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExports and backups that were made before still hold the text.\n\nExamples:\n  postern-server audit erase 1042 --reason "It named a patient"\n  postern-server audit erase --person usr_0197… --reason "Request of 3 May"',
    )
    .action((seq: number | undefined, options: EraseOptions) => {
      const whose = options.person;
      if ((seq === undefined) === (whose === undefined)) {
        context.err('Name either an entry or a person: audit erase SEQ, or audit erase --person ID.\n');
        throw new CommandRefused(exitCodes.wrongUse);
      }
      return withExisting(context, async ({ store, clock }) => {
        const by = { actor: systemActor, reason: options.reason };
        const done =
          whose === undefined
            ? await eraseTextAt(store, seq ?? 0, by, clock.now())
            : await eraseTextsOf(store, whose, by, clock.now());
        answer(context, options, { erased: done.texts, copies: done.copies }, say(done));
      });
    });
}

function say({ texts, copies }: Erased): string {
  const said = texts === 1 ? 'Erased one text' : `Erased ${texts} texts`;
  if (copies === 0) return said;
  const where =
    copies === 1 ? 'one request, decision, review or message' : `${copies} requests, decisions, reviews and messages`;
  return `${said} of the log, and what stood of it in ${where}`;
}

function entryNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('must be the number of an entry.');
  return Number(text);
}

function person(text: string): Id<'user'> {
  const read = idSchema('user').safeParse(text);
  if (!read.success) throw new InvalidArgumentError('must be the id of a person, e.g. usr_0197….');
  return read.data;
}

function reason(text: string): string {
  const read = eraseTextSchema.shape.reason.safeParse(text);
  if (!read.success) throw new InvalidArgumentError('must be a sentence of up to 1000 characters.');
  return read.data;
}
