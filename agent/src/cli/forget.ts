import { z } from 'zod';
import { access } from 'node:fs/promises';
import { holderOf } from '../state/lock.ts';
import { removeTemporaries } from '../state/private-folder.ts';
import { StateError } from '../state/store.ts';
import { type CommandContext, defineCommand, examples } from './command.ts';
import { LocalRefusal } from './failure.ts';
import { printJson } from './terminal.ts';

interface Found {
  /** What is there to delete. */
  files: string[];
  deviceId: string | null;
  issuer: string | null;
}

const optionsSchema = z.object({ yes: z.boolean().optional() });

export const forgetCommand = defineCommand(
  'forget',
  optionsSchema,
  (command) =>
    command
      .summary('delete the device key and the state of this machine')
      .description(
        'Deletes the device key and all that this agent remembers. Without --yes it only says what it would delete. The backend keeps its record of the device until an admin retires it.',
      )
      .option('--yes', 'delete it')
      .addHelpText(
        'after',
        examples(
          ['postern-agent forget', 'what would be deleted'],
          ['postern-agent forget --yes', 'delete it; then enroll anew'],
        ),
      ),
  async (context, { yes }) => {
    const found = await find(context);
    const deleted = yes === true && found.files.length > 0;
    if (deleted) await deleteAll(context);
    if (context.json) printJson(context.terminal.stdout, { deleted, ...found });
    else for (const line of linesOf(found, deleted)) context.say(line);
    return 0;
  },
);

async function find({ agent }: CommandContext): Promise<Found> {
  const state = await agent.store.load().catch((error: unknown) => {
    // A damaged state is one of the reasons to forget.
    if (error instanceof StateError) return undefined;
    throw error;
  });
  const kept = await Promise.all(
    [agent.store.path, agent.attestations.path].map(async (path) => ((await isThere(path)) ? [path] : [])),
  );
  const keys = await Promise.all(
    agent.providers.map(async (provider) => ((await provider.exists()) ? [provider.place] : [])),
  );
  return {
    files: [...kept.flat(), ...keys.flat()],
    deviceId: state?.device.id ?? null,
    issuer: state?.server.issuer ?? null,
  };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function deleteAll({ agent }: CommandContext): Promise<void> {
  const daemon = await holderOf(agent.dataFolder, 'run');
  if (daemon !== undefined) {
    throw new LocalRefusal('in_use', `postern-agent run (process ${daemon}) uses them. Stop it first: kill ${daemon}`);
  }
  const lock = await agent.lock('state');
  try {
    // The state first: a key without a state is used by the next enrollment, a state without its key is a puzzle.
    await agent.store.remove();
    await agent.attestations.remove();
    for (const provider of agent.providers) await provider.remove();
    await removeTemporaries(agent.dataFolder);
  } finally {
    await lock.release();
  }
}

function linesOf({ files, deviceId, issuer }: Found, deleted: boolean): string[] {
  if (files.length === 0) return ['There is nothing to forget: this machine is not enrolled.'];
  const device = deviceId === null ? [] : [`${deviceId} stays on record at ${issuer} until an admin retires it.`];
  const listed = files.map((file) => `  ${file}`);
  return deleted
    ? ['Deleted:', ...listed, ...device]
    : [
        'This would be deleted, and cannot be brought back:',
        ...listed,
        ...device,
        'To delete it: postern-agent forget --yes',
      ];
}
