import type { Command } from 'commander';
import { systemActor } from '../audit/event.ts';
import { resetFactors } from '../step-up/index.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';
import { personFor } from './people.ts';

interface ResetOptions extends CommonOptions {
  yes?: boolean;
}

/** For whoever has the server's shell: a lone admin who lost their passkey has nobody else to ask. */
export function addSecondFactorCommands(program: Command, context: CliContext): void {
  program
    .command('second-factor')
    .description('Passkeys and authenticator apps of people')
    .command('reset')
    .argument('<email>', 'whose they are')
    .description('Take all passkeys and the authenticator app from somebody who lost them')
    .option('--yes', 'do it; without this, it only tells whose would be taken')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  postern-server second-factor reset eve@example.com\n  postern-server second-factor reset eve@example.com --yes',
    )
    .action((email: string, options: ResetOptions) =>
      withExisting(context, async (deps) => {
        const user = await personFor(deps.store.read, email);
        const person = { id: user.id, email: user.email };
        if (options.yes !== true) {
          const sentence =
            `Would take every passkey and the authenticator app of ${user.name} (${user.email}).\n` +
            `Nothing was changed. To do it: postern-server second-factor reset ${user.email} --yes`;
          answer(context, options, { reset: false, person }, sentence);
          return;
        }
        const asked = { personId: user.id, actor: systemActor, proof: { changes: [], audit: [] } };
        const had = await resetFactors(deps, asked, deps.clock.now());
        const app = had.authenticatorApp ? 'an authenticator app' : 'no authenticator app';
        answer(
          context,
          options,
          { reset: true, person, ...had },
          `${user.email} had ${had.passkeys === 1 ? 'one passkey' : `${had.passkeys} passkeys`} and ${app}, and has neither now`,
        );
      }),
    );
}
