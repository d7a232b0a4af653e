import type { Command } from 'commander';
import { systemActor } from '../audit/event.ts';
import type { OpenDeps } from '../open-deps.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';

interface RotateOptions extends CommonOptions {
  yes?: boolean;
}

/** The emergency rotation: for when a signing key may be in other hands. The ordinary one needs nobody. */
export function addRotateKeysCommand(program: Command, context: CliContext): void {
  program
    .command('rotate-keys')
    .description('In an emergency: replace the signing keys at once, and end every token that they signed')
    .option('--yes', 'do it; without this, it only tells what would end')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nKeys rotate by themselves (POSTERN_SIGNING_KEY_LIFE). This is for a key that may be in other hands.\n\nExamples:\n  postern-server rotate-keys\n  postern-server rotate-keys --yes',
    )
    .action((options: RotateOptions) =>
      withExisting(context, async (deps) => {
        const ends = { keys: keyIdsOf(deps), tokens: await liveTokens(deps) };
        const what = `${count(ends.keys.length, 'signing key')} (${ends.keys.join(', ')}) and ${count(ends.tokens, 'access token')}`;
        if (options.yes !== true) {
          answer(
            context,
            options,
            { rotated: false, ends },
            `Would end ${what}. ${after}\nNothing was changed. To do it: postern-server rotate-keys --yes`,
          );
          return;
        }
        await deps.signingKeys.rotateNow(deps.clock.now(), systemActor);
        const [kid] = keyIdsOf(deps);
        answer(context, options, { rotated: true, ends, kid }, `Ended ${what}. ${kid} signs now. ${after}`);
      }),
    );
}

const after =
  'Devices ask for new tokens by themselves.\n' +
  'Servers that run follow within a minute; restart them to make it at once. Gateways that check tokens by the key set\n' +
  'believe the old keys until they fetch it again, at most ten minutes later.';

function keyIdsOf({ signingKeys }: OpenDeps): string[] {
  return signingKeys.jwks().keys.map(({ kid }) => String(kid));
}

async function liveTokens({ store, clock }: OpenDeps): Promise<number> {
  const { tokens } = await store.read
    .selectFrom('access_tokens')
    .select((select) => select.fn.countAll<number>().as('tokens'))
    .where('expires_at', '>', clock.now())
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return tokens;
}

function count(number: number, thing: string): string {
  return number === 1 ? `one ${thing}` : `${number} ${thing}s`;
}
