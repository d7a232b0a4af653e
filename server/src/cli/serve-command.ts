import process from 'node:process';
import type { Command } from 'commander';
import { systemActor } from '../audit/event.ts';
import { createSignInLink } from '../identity/index.ts';
import { createLog } from '../log.ts';
import { type RunningServer, start } from '../start.ts';
import { answer, type CliContext, type CommonOptions, configOf } from './context.ts';

/** Runs the server until a signal says stop. */
export function addServeCommand(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('Run the backend until SIGINT or SIGTERM; a second signal ends it at once')
    .option('--json', 'print what is said at the start as one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  postern-server serve\n  POSTERN_PORT=8420 POSTERN_DATA=/var/lib/postern postern-server serve',
    )
    .action(async (options: CommonOptions) => {
      const config = configOf(context);
      const server = await start(config, { log: createLog(config.logLevel) });
      await announce(context, options, server);
      await untilToldToStop();
      await server.stop();
    });
}

async function announce(context: CliContext, options: CommonOptions, server: RunningServer): Promise<void> {
  const { deps, url, firstAdminId } = server;
  const link =
    firstAdminId === undefined ? undefined : await createSignInLink(deps, firstAdminId, systemActor, deps.clock.now());
  const lines = [`Postern listens on ${url} as ${deps.config.issuer}`];
  if (link !== undefined) lines.push(`Sign in once as the first admin, until ${link.expiresAt}:`, `  ${link.link}`);
  answer(context, options, { url, issuer: deps.config.issuer, signInLink: link?.link ?? null }, lines.join('\n'));
}

/** A launcher forwards the signal that the terminal gave to both, so two within this time are one. */
const sameSignalMs = 500;

/** Resolves at the first signal, or when the launcher that started this process is gone. A second signal ends the process. */
function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    let told: number | undefined;
    const tell = () => {
      if (told === undefined) {
        told = performance.now();
        resolve();
      } else if (performance.now() - told > sameSignalMs) {
        process.exit(1);
      }
    };
    process.on('SIGINT', tell);
    process.on('SIGTERM', tell);
    process.on('SIGHUP', tell);
    process.once('disconnect', tell);
    // The channel to the launcher is no reason to stay.
    process.channel?.unref();
  });
}
