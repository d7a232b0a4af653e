import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Fault } from '@postern/shared/protocol/errors';
import { longestFeed } from '@postern/shared/protocol/release-feed';
import { systemClock } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import {
  declaredKeys,
  type FeedKeys,
  importFeed,
  makeFeedKey,
  openFeed,
  readFeed,
  readFeedKeys,
  readPrivateFeedKey,
  signFeed,
  viewFeed,
} from '../releases/index.ts';
import { answer, type CliContext, type CommonOptions, configOf, withDeps } from './context.ts';
import { readNamedFile } from './named-file.ts';

interface VerifyOptions extends CommonOptions {
  keys?: string;
}

interface SignOptions extends CommonOptions {
  key: string;
  out?: string;
}

interface KeygenOptions extends CommonOptions {
  private: string;
  public?: string;
}

/** Commands on the feed of releases of operating systems. `verify --keys`, `sign` and `keygen` need no database. */
export function addFeedCommands(program: Command, context: CliContext): void {
  const feed = program
    .command('feed')
    .description('What is known of releases of operating systems: show, verify, import and sign the feed');

  feed
    .command('show')
    .description('Show which feed is in force, where it is from and how old it is')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server feed show --json')
    .action((options: CommonOptions) =>
      withDeps(context, async (deps) => {
        const view = await viewFeed(deps, deps.clock.now());
        const origin =
          view.origin === 'bundled' ? 'came with the program' : `imported by ${view.importedBy} at ${view.importedAt}`;
        const lines = [
          `Feed ${view.sequence} of ${view.issuedAt}, ${view.ageDays} days old, ${origin}`,
          ...(view.keyId === null ? [] : [`Signed with the key ${view.keyId}`]),
          `Stale ${view.stale ? 'since' : 'from'} ${view.staleAfter}`,
          ...view.systems.map(
            ({ name, rolling, releases }) => `  ${name}: ${rolling ? 'rolling' : `${releases} releases`}`,
          ),
          ...(view.notice === null ? [] : [view.notice]),
        ];
        answer(context, options, view, lines.join('\n'));
      }),
    );

  feed
    .command('verify')
    .argument('<file>', 'a signed feed')
    .description('Check the signature and the contents of a feed, without taking it into use')
    .option('--keys <file>', 'JWK Set with the keys that may sign; without it, POSTERN_FEED_KEYS')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server feed verify releases.jwt --keys feed-keys.json')
    .action(async (file: string, options: VerifyOptions) => {
      const keys = await keysOf(context, options);
      const { feed: opened, keyId } = await openFeed(await textOf(file), keys, systemClock.now());
      const { sequence, issuedAt, staleAfter } = opened;
      const found = { valid: true, sequence, issuedAt, staleAfter, keyId };
      answer(context, options, found, `${file}: feed ${sequence} of ${issuedAt}, signed with the key ${keyId}`);
    });

  feed
    .command('import')
    .argument('<file>', 'a signed feed')
    .description('Take a signed feed into use; it must be newer than the one in force')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  POSTERN_FEED_KEYS=feed-keys.json postern-server feed import releases.jwt')
    .action(async (file: string, options: CommonOptions) => {
      const jws = await textOf(file);
      await withDeps(context, async (deps) => {
        const imported = await importFeed(deps, jws, systemActor, deps.clock.now());
        answer(context, options, imported, `Feed ${imported.sequence} of ${imported.issuedAt} is in force now`);
      });
    });

  feed
    .command('sign')
    .argument('<file>', 'a feed as JSON')
    .description('Check a feed and sign it, for those who mirror one or keep their own')
    .requiredOption('--key <file>', 'the private key (JWK), as keygen writes it')
    .option('--out <file>', 'where to write the signed feed; without it, it is printed')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThe sequence must rise with every issue: begin with the date, such as 2026112101.\n\nExample:\n  postern-server feed sign releases.json --key feed-key.jwk --out releases.jwt',
    )
    .action(async (file: string, options: SignOptions) => {
      const key = await readPrivateFeedKey(options.key);
      const document = readFeed(await jsonOf(file));
      const jws = await signFeed(document, key);
      if (options.out !== undefined) await writeFile(options.out, `${jws}\n`);
      const { sequence } = document;
      answer(
        context,
        options,
        { sequence, keyId: key.kid, ...(options.out === undefined ? { jws } : { file: options.out }) },
        options.out === undefined ? jws : `Wrote feed ${sequence} to ${options.out}, signed with the key ${key.kid}`,
      );
    });

  feed
    .command('keygen')
    .description('Make a key for signing feeds, and the JWK Set that servers check them by')
    .requiredOption('--private <file>', 'where to write the private key; it must not be there yet')
    .option('--public <file>', 'where to write the JWK Set for POSTERN_FEED_KEYS; without it, it is printed')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server feed keygen --private feed-key.jwk --public feed-keys.json')
    .action(async (options: KeygenOptions) => {
      const { kid, privateJwk, publicKeys } = await makeFeedKey();
      await writeNew(options.private, privateJwk, 0o600);
      if (options.public !== undefined) await writeNew(options.public, publicKeys, 0o644);
      const sentence =
        options.public === undefined
          ? JSON.stringify(publicKeys, null, 2)
          : `Wrote the key ${kid} to ${options.private} (keep it from others) and its public half to ${options.public}`;
      answer(context, options, { keyId: kid, private: options.private, publicKeys }, sentence);
    });
}

async function keysOf(context: CliContext, { keys }: VerifyOptions): Promise<FeedKeys> {
  return keys === undefined ? declaredKeys({ config: configOf(context) }) : readFeedKeys(keys);
}

async function textOf(file: string): Promise<string> {
  const text = await readNamedFile(file);
  if (text.length > 2 * longestFeed)
    throw new Fault('feed_invalid', { details: [{ path: file, message: 'is too large' }] });
  return text;
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await textOf(file));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('feed_invalid', { details: [{ path: file, message: 'must be JSON' }], cause: error });
  }
}

/** Never over a file that is there: an old key may be in use. */
async function writeNew(file: string, value: object, mode: number): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(value, null, 2)}\n`, { mode, flag: 'wx' });
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const message = isThere ? 'is there already; name another file' : 'cannot be written by this user';
    throw new Fault('conflict', { details: [{ path: file, message }], cause });
  }
}
