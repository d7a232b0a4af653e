import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import process from 'node:process';
import { type Command, InvalidArgumentError } from 'commander';
import { sha256 } from '@postern/shared/digest';
import type { ReplayDetail, ReplaySummary } from '@postern/shared/protocol/policy-replay';
import { toTimestampOrNull } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import type { OpenDeps } from '../open-deps.ts';
import { readPolicyDocument } from '../policy/index.ts';
import { type ChangedDevice, replayedEvent, startReplay } from '../replay/index.ts';
import { type CliContext, CommandRefused, type CommonOptions, withExisting } from './context.ts';
import { readNamedFile, unwritable } from './named-file.ts';
import { csvHeader, csvLine, replayReport } from './replay-report.ts';

interface ReplayOptions extends CommonOptions {
  csv?: string;
  limit: number;
  failOnBlocked?: boolean;
}

/** `policy replay`: what a document would change for the fleet, without publishing it. Works beside a server that runs. */
export function addPolicyReplayCommand(policy: Command, context: CliContext): void {
  policy
    .command('replay')
    .argument('<file>', 'YAML document')
    .description('Tell whom a policy document would newly block, and when, by what every active device reported last')
    .option('--csv <file>', 'write every device for which something changes to this file')
    .option('--limit <devices>', 'how many of them to print', limit, 20)
    .option('--fail-on-blocked', 'exit 1 when somebody would newly be blocked')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nNothing is published. Devices are taken to go on reporting what they reported last.\n\nExamples:\n  postern-server policy replay draft.yaml\n  postern-server policy replay draft.yaml --csv changes.csv --limit 0\n  postern-server policy replay draft.yaml --json --fail-on-blocked',
    )
    .action(async (file: string, options: ReplayOptions) => {
      const document = await readNamedFile(file);
      const { policy: name } = readPolicyDocument(document);
      const { summary, first } = await withExisting(context, (deps) => replay(deps, document, name, options, context));
      context.out(
        options.json === true
          ? `${JSON.stringify({ summary, devices: first.map(forMachines) })}\n`
          : `${replayReport(summary, first, file)}\n`,
      );
      const blocked = summary.newlyBlocked.atOnce + summary.newlyBlocked.atDeadline;
      if (options.failOnBlocked === true && blocked > 0) throw new CommandRefused();
    });
}

interface Outcome {
  summary: ReplaySummary;
  first: ChangedDevice[];
}

async function replay(
  { config, clock, store }: OpenDeps,
  document: string,
  policy: string,
  options: ReplayOptions,
  context: CliContext,
): Promise<Outcome> {
  const csv = options.csv === undefined ? undefined : await openCsv(options.csv);
  const first: ChangedDevice[] = [];
  const now = clock.now();
  const { identifiers } = config;
  const showsProgress = process.stderr.isTTY && options.json !== true;
  const replaying = startReplay(
    config.databaseUrl,
    { document, identifiers, now },
    async ({ done, total, changed }) => {
      // Most severe first, as far as they are known: all that are newly blocked push the others out.
      first.push(...changed);
      first.sort(bySeverity);
      first.length = Math.min(first.length, options.limit);
      if (csv !== undefined && !csv.write(changed.map(csvLine).join(''))) await once(csv, 'drain');
      if (showsProgress) context.err(`\r${done} of ${total} devices`);
    },
  );
  // Ctrl-C leaves nothing behind: the thread only reads.
  const summary = await replaying.summary;
  if (showsProgress) context.err('\r\u001B[K');
  if (csv !== undefined) {
    csv.end();
    await once(csv, 'finish');
  }
  if (summary === undefined) throw new Error('the replay was stopped');
  const event = { policy, documentHash: sha256(document), state: 'done', summary, actor: systemActor } as const;
  await store.commit({ changes: [], audit: [replayedEvent(event, clock.now())] });
  return { summary, first };
}

function forMachines({ blockedAt, detail, ...rest }: ChangedDevice): object {
  return {
    ...rest,
    blockedAt: toTimestampOrNull(blockedAt),
    detail: JSON.parse(detail) as ReplayDetail,
  };
}

function bySeverity(left: ChangedDevice, right: ChangedDevice): number {
  const rank = ({ change }: ChangedDevice) => (change === 'newly-blocked' ? 0 : change === 'blocked-sooner' ? 1 : 2);
  return rank(left) - rank(right) || (left.blockedAt ?? Infinity) - (right.blockedAt ?? Infinity) || 0;
}

async function openCsv(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file, { flags: 'w', mode: 0o600 });
  await once(stream, 'open').catch((error: unknown) => {
    throw unwritable(file, error);
  });
  stream.write(csvHeader);
  return stream;
}

function limit(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 to 99999.');
  return Number(text);
}
