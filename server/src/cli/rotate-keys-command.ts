import { type Command, Option } from 'commander';
import { systemActor } from '../audit/event.ts';
import type { OpenDeps } from '../open-deps.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';

type Use = 'access-token' | 'signal';

interface RotateOptions extends CommonOptions {
  yes?: boolean;
  use?: Use;
}

/** What a rotation takes away, by kid. A list is absent where the rotation is not about that use. */
interface Ends {
  keys?: string[];
  signalKeys?: string[];
  tokens: number;
}

const examples = `
Keys rotate by themselves (POSTERN_SIGNING_KEY_LIFE). This is for a key that may be in other hands.

Examples:
  postern-server rotate-keys
  postern-server rotate-keys --yes
  postern-server rotate-keys --use signal --yes`;

/** The emergency rotation: for when a signing key may be in other hands. The ordinary one needs nobody. */
export function addRotateKeysCommand(program: Command, context: CliContext): void {
  program
    .command('rotate-keys')
    .description('In an emergency: replace the signing keys at once, and end what they signed')
    .option('--yes', 'do it; without this, it only tells what would end')
    .addOption(new Option('--use <use>', 'only these keys').choices(['access-token', 'signal'] satisfies Use[]))
    .option('--emergency', 'what it is anyway: so that a runbook can say it')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((options: RotateOptions) =>
      withExisting(context, async (deps) => {
        const ends = await whatEnds(deps, options.use);
        const after = afterwards(ends);
        if (options.yes !== true) {
          const how = `postern-server rotate-keys${options.use === undefined ? '' : ` --use ${options.use}`} --yes`;
          const sentence = `Would end ${said(ends)}. ${after}\nNothing was changed. To do it: ${how}`;
          answer(context, options, { rotated: false, ends }, sentence);
          return;
        }
        const { kid, signalKid } = await rotate(deps, ends);
        const now = [kid, signalKid].filter((each) => each !== undefined).join(' and ');
        const sentence = `Ended ${said(ends)}. ${now === '' ? 'No key' : now} signs now. ${after}`;
        answer(context, options, { rotated: true, ends, kid, signalKid }, sentence);
      }),
    );
}

async function whatEnds(deps: OpenDeps, use: Use | undefined): Promise<Ends> {
  const about = (each: Use) => use === undefined || use === each;
  return {
    ...(about('access-token') ? { keys: keyIdsOf(deps) } : {}),
    ...(about('signal') ? { signalKeys: await deps.signalKeys.kids() } : {}),
    tokens: about('access-token') ? await liveTokens(deps) : 0,
  };
}

/** Keys that nobody needed so far are not made for being replaced. */
async function rotate(deps: OpenDeps, ends: Ends): Promise<{ kid?: string; signalKid?: string }> {
  const now = deps.clock.now();
  const done: { kid?: string; signalKid?: string } = {};
  if (ends.keys !== undefined) {
    await deps.signingKeys.rotateNow(now, systemActor);
    done.kid = keyIdsOf(deps)[0] ?? '';
  }
  if (ends.signalKeys !== undefined && ends.signalKeys.length > 0) {
    await deps.signalKeys.rotateNow(now, systemActor);
    done.signalKid = (await deps.signalKeys.kids())[0] ?? '';
  }
  return done;
}

function said({ keys, signalKeys, tokens }: Ends): string {
  const parts: string[] = [];
  if (keys !== undefined) {
    parts.push(`${count(keys.length, 'signing key')} (${keys.join(', ')})`, count(tokens, 'access token'));
  }
  if (signalKeys !== undefined && signalKeys.length > 0) {
    parts.push(`${count(signalKeys.length, 'key')} of signals (${signalKeys.join(', ')})`);
  }
  return parts.length === 0 ? 'nothing: there is no such key yet' : parts.join(' and ');
}

function afterwards({ keys, signalKeys }: Ends): string {
  return [
    ...(keys === undefined ? [] : ['Devices ask for new tokens by themselves.']),
    ...(signalKeys === undefined ? [] : ['Signals that were not handed over yet are signed with the new key.']),
    'Servers that run follow within a second. Whoever checks by the key set believes the old keys until they fetch it again,',
    'at most ten minutes later.',
  ].join('\n');
}

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
