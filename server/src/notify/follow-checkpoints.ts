import { type Instant, toTimestamp } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import { begin, move, readCursor } from './cursor.ts';
import { readOpenWebhooks, toWebhooks } from './fan-out.ts';
import type { FollowDeps } from './follow.ts';
import type { Message } from './message.ts';

const cursorKey = 'notify_checkpoint_cursor';
const portion = 100;

/** Hands them out from here on, unless they are handed out already. */
export async function beginWithCheckpoints(deps: Pick<Deps, 'store'>): Promise<void> {
  const last = await deps.store.read
    .selectFrom('audit_checkpoints')
    .select('size')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  if ((await readCursor(deps, cursorKey)) === undefined) await begin(deps, cursorKey, last?.size ?? 0);
}

/** Hands signed heads of the audit to webhooks: who keeps them outside can tell later whether the log was changed. */
export async function followCheckpoints(deps: FollowDeps, now: Instant): Promise<void> {
  const { read } = deps.store;
  const cursor = await readCursor(deps, cursorKey);
  if (cursor === undefined) throw new Error('nobody has said from where on checkpoints are handed out');
  const rows = await read
    .selectFrom('audit_checkpoints')
    .select(['size', 'root', 'note', 'at'])
    .where('size', '>', cursor)
    .orderBy('size')
    .limit(portion)
    .execute();
  const last = rows.at(-1);
  if (last === undefined) return;
  const webhooks = await readOpenWebhooks(deps);
  const changes = rows.flatMap(({ size, root, note, at }) => {
    const message: Message = {
      type: 'audit.checkpoint',
      at,
      title: `The audit has ${size} entries, signed`,
      facts: [
        { label: 'Root', value: root },
        { label: 'At', value: toTimestamp(at) },
      ],
      text: null,
      subject: { kind: 'checkpoint', id: String(size) },
      person: null,
      device: null,
      data: { size, root, note },
      decide: null,
    };
    return toWebhooks(deps, webhooks, `checkpoint:${size}`, message, now);
  });
  await move(deps, cursorKey, { from: cursor, to: last.size }, changes);
}
