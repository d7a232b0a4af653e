import { type Command, InvalidArgumentError } from 'commander';
import { type Id, idSchema } from '@postern/shared/ids';
import { newWebhookSchema, webhookFormats } from '@postern/shared/protocol/webhook';
import { systemActor } from '../audit/event.ts';
import { createWebhook, listWebhooks, removeWebhook, replayDelivery } from '../notify/index.ts';
import { answer, type CliContext, type CommonOptions, withExisting } from './context.ts';
import { personFor } from './people.ts';

interface AddOptions extends CommonOptions {
  label: string;
  slack?: boolean;
  by?: string;
}

/** Commands on webhooks (docs/notifications.md). */
export function addWebhookCommands(program: Command, context: CliContext): void {
  const webhook = program
    .command('webhook')
    .description('Whom Postern tells of what happens: list, add, remove, send again');

  webhook
    .command('list')
    .description('List them')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server webhook list')
    .action((options: CommonOptions) =>
      withExisting(context, async (deps) => {
        const items = await listWebhooks(deps);
        const lines = items.map(
          ({ id, format, url, enabled, label, disabledReason }) =>
            `${id}  ${format}  ${enabled ? 'enabled' : `disabled: ${disabledReason ?? ''}`}  ${url}  ${label}`,
        );
        answer(context, options, { items }, lines.length === 0 ? 'There are no webhooks' : lines.join('\n'));
      }),
    );

  webhook
    .command('add')
    .argument('<url>', 'where messages go: an https address', address)
    .description('Add one. The secret that its messages are signed with is printed once.')
    .requiredOption('--label <text>', 'what people call it', label)
    .option('--slack', `a Slack webhook instead of ${webhookFormats[0]}`)
    .option('--by <email>', 'the admin in whose name it is added; without it the first one')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  postern-server webhook add https://hooks.example.com/postern --label "Ticket system"',
    )
    .action((url: string, options: AddOptions) =>
      withExisting(context, async (deps) => {
        const by = await personFor(deps.store.read, options.by);
        const wish = newWebhookSchema.parse({
          url,
          label: options.label,
          format: options.slack === true ? 'slack' : 'standard',
        });
        const made = await createWebhook(deps, wish, by.id, deps.clock.now(), systemActor);
        const secret = made.secret === undefined ? '' : `\nIts secret, shown only now: ${made.secret}`;
        answer(context, options, made, `Added ${made.id}${secret}`);
      }),
    );

  webhook
    .command('remove')
    .argument('<id>', 'the webhook, as list shows it', webhookId)
    .description('Remove one; what waits for it is not sent')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server webhook remove whk_0197…')
    .action((id: Id<'webhook'>, options: CommonOptions) =>
      withExisting(context, async (deps) => {
        await removeWebhook(deps, id, systemActor, deps.clock.now());
        answer(context, options, { id, state: 'removed' }, `${id} is told nothing any more`);
      }),
    );

  webhook
    .command('replay')
    .argument('<delivery>', 'the delivery, as GET /v1/admin/deliveries shows it', deliveryId)
    .description('Send once more what was delivered or has failed')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  postern-server webhook replay dlv_0197…')
    .action((id: Id<'delivery'>, options: CommonOptions) =>
      withExisting(context, async (deps) => {
        const delivery = await replayDelivery(deps, id, systemActor, deps.clock.now());
        answer(context, options, delivery, `${id} is sent again as soon as a server runs`);
      }),
    );
}

function address(text: string): string {
  const parsed = newWebhookSchema.shape.url.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('It must be an address: https://host/path');
  return parsed.data;
}

function label(text: string): string {
  const parsed = newWebhookSchema.shape.label.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('It must be one line of 1 to 120 characters of plain text.');
  return parsed.data;
}

function webhookId(text: string): Id<'webhook'> {
  const id = idSchema('webhook').safeParse(text);
  if (!id.success) throw new InvalidArgumentError('It is no id of a webhook: they look like whk_ and 32 digits.');
  return id.data;
}

function deliveryId(text: string): Id<'delivery'> {
  const id = idSchema('delivery').safeParse(text);
  if (!id.success) throw new InvalidArgumentError('It is no id of a delivery: they look like dlv_ and 32 digits.');
  return id.data;
}
