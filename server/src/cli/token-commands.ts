import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Role, roles } from '@postern/shared/protocol/admin';
import { type Ownership, ownerships } from '@postern/shared/protocol/enrollment';
import { Fault } from '@postern/shared/protocol/errors';
import { day, hour, parseDuration, sayDuration, toTimestamp } from '@postern/shared/time';
import { systemActor } from '../audit/event.ts';
import { createEnrollmentToken } from '../enrollment/index.ts';
import { createApiToken, createSignInLink, createUser, findUserByEmail } from '../identity/index.ts';
import type { OpenDeps } from '../open-deps.ts';
import { answerSecret, type CliContext, type CommonOptions, withDeps } from './context.ts';
import { noPerson, personFor, type UserRow } from './people.ts';

interface PersonOptions extends CommonOptions {
  user?: string;
  role?: Role[];
}

interface AdminTokenOptions extends PersonOptions {
  life: number;
}

interface EnrollmentTokenOptions extends CommonOptions {
  owner?: string;
  uses: number;
  life: number;
  pending?: boolean;
  ownership: Ownership;
}

/** Commands that make secrets. Each is shown once, alone on stdout, and stored only as its hash. */
export function addTokenCommands(program: Command, context: CliContext): void {
  program
    .command('admin-token')
    .description('Make an admin API token for a person; with --role, make the person where there is none')
    .option('--user <email>', 'whose token it is (default: the first admin)', email)
    .addOption(new Option('--role <role...>', 'roles of a person who is made').choices(roles))
    .addOption(life(365 * day).default(30 * day, '30d'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  ADMIN=$(postern-server admin-token)\n  postern-server admin-token --user eve@example.com --role approver --life 8h',
    )
    .action((options: AdminTokenOptions) =>
      withDeps(context, async (deps) => {
        const now = deps.clock.now();
        const user = await personOrNew(deps, options);
        const made = await createApiToken(
          deps,
          { userId: user.id, label: 'command line', lifeMs: options.life },
          systemActor,
          now,
        );
        const personRoles = JSON.parse(user.roles) as string[];
        answerSecret(
          context,
          options,
          { ...made, user: { id: user.id, email: user.email, roles: personRoles } },
          {
            about: `Token of ${user.email} (${personRoles.join(', ')}), good for ${sayDuration(options.life)}:`,
            secret: made.token,
          },
        );
      }),
    );

  program
    .command('sign-in-link')
    .description(
      'Make a one-time link that signs a person in to the console; with --role, make the person where there is none',
    )
    .option('--user <email>', 'whom it signs in (default: the first admin)', email)
    .addOption(new Option('--role <role...>', 'roles of a person who is made').choices(roles))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  postern-server sign-in-link\n  postern-server sign-in-link --user eve@example.com --role approver',
    )
    .action((options: PersonOptions) =>
      withDeps(context, async (deps) => {
        const user = await personOrNew(deps, options);
        const made = await createSignInLink(deps, user.id, systemActor, deps.clock.now());
        answerSecret(
          context,
          options,
          { ...made, user: { id: user.id, email: user.email } },
          { about: `Signs ${user.email} in once, until ${made.expiresAt}:`, secret: made.link },
        );
      }),
    );

  program
    .command('enrollment-token')
    .description('Make a token that enrolls devices')
    .option('--owner <email>', 'whose devices they will be (default: the first admin)', email)
    .option('--uses <number>', 'how many devices, 1 to 1000', uses, 1)
    .addOption(life(90 * day).default(hour, '1h'))
    .option('--pending', 'the devices wait for an admin')
    .addOption(new Option('--ownership <kind>', 'whose machines they are').choices([...ownerships]).default('unknown'))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server enrollment-token --owner eve@example.com --uses 3 --life 1d')
    .action((options: EnrollmentTokenOptions) =>
      withDeps(context, async (deps) => {
        const owner = await personFor(deps.store.read, options.owner);
        const { life: lifeMs, uses: count, pending = false, ownership } = options;
        const wish = { ownerId: owner.id, lifeMs, uses: count, pending, ownership };
        const { row, token } = await createEnrollmentToken(deps, wish, systemActor, deps.clock.now());
        const value = {
          id: row.id,
          token,
          owner: { id: owner.id, email: owner.email },
          uses: options.uses,
          expiresAt: toTimestamp(row.expires_at),
        };
        answerSecret(context, options, value, {
          about: `Enrolls ${options.uses === 1 ? 'one device' : `${options.uses} devices`} of ${owner.email}, good for ${sayDuration(options.life)}:`,
          secret: token,
        });
      }),
    );
}

/** Without the words beside it, a default would be shown in milliseconds. */
function life(longest: number): Option {
  return new Option('--life <duration>', 'how long it is good').argParser(duration(longest));
}

async function personOrNew(deps: OpenDeps, { user: address, role }: PersonOptions): Promise<UserRow> {
  if (role === undefined) return personFor(deps.store.read, address);
  if (address === undefined)
    throw new Fault('malformed_request', { details: [{ path: 'user', message: '--role needs --user' }] });
  const known = await findUserByEmail(deps.store.read, address);
  if (known === undefined) {
    return createUser(
      deps,
      { name: address.split('@')[0] ?? address, email: address, roles: role },
      systemActor,
      deps.clock.now(),
    );
  }
  const has = JSON.parse(known.roles) as string[];
  const lacking = role.filter((each) => !has.includes(each));
  // A token command that hands out roles would be a way around the console's own rules.
  if (lacking.length > 0)
    throw new Fault('conflict', {
      details: [
        {
          path: 'role',
          message: `${known.email} is there already, without ${lacking.join(', ')}; change roles in the console`,
        },
      ],
    });
  if (known.active !== 1) throw noPerson(`${known.email} is not active`);
  return known;
}

function email(text: string): string {
  // The first admin's address has no dot, so it is not what zod calls one.
  if (!/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(text)) throw new InvalidArgumentError('must be an email address.');
  return text.toLowerCase();
}

function uses(text: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 1000) throw new InvalidArgumentError('must be a number from 1 to 1000.');
  return number;
}

function duration(max: number): (text: string) => number {
  return (text) => {
    const parsed = parseDuration(text);
    if (parsed === undefined || parsed <= 0 || parsed > max)
      throw new InvalidArgumentError(`must be a duration such as 15m, 8h or 30d, at most ${sayDuration(max)}.`);
    return parsed;
  };
}
