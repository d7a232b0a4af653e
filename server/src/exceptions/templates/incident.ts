import type { z } from 'zod';
import type { incidentSchema } from '@postern/shared/protocol/template';
import { type Instant, toTimestampOrNull } from '@postern/shared/time';
import type { Deps } from '../../deps.ts';
import { Fault } from '@postern/shared/protocol/errors';
import { insert, updateOne } from '../../storage/change.ts';
import { ConflictError, type Store } from '../../storage/store.ts';
import { incidentKey } from './incident-key.ts';

type Incident = z.input<typeof incidentSchema>;

interface Stored {
  open: boolean;
  title: string | null;
  since: Instant | null;
}

const none: Stored = { open: false, title: null, since: null };

/** Whether an incident is open, since when and what it is called. */
export async function readIncident({ read }: Pick<Store, 'read'>): Promise<Incident> {
  return view(parse((await stored(read))?.value));
}

/**
 * Opens or closes the incident that conditions of templates may ask for. To say what is so already changes nothing.
 *
 * @throws Fault conflict when somebody else did so at the same moment
 */
export async function changeIncident(
  { store }: Pick<Deps, 'store'>,
  wanted: { open: boolean; title: string | undefined },
  by: string,
  now: Instant,
): Promise<Incident> {
  const row = await stored(store.read);
  const before = parse(row?.value);
  const title = wanted.open ? (wanted.title ?? before.title) : null;
  if (before.open === wanted.open && before.title === title) return view(before);
  const after: Stored = { open: wanted.open, title, since: wanted.open ? (before.since ?? now) : null };
  const value = JSON.stringify(after);
  const change =
    row === undefined
      ? insert('meta', { key: incidentKey, value })
      : updateOne('meta', { key: incidentKey, value: row.value }, { value });
  const said = wanted.open ? title : (wanted.title ?? before.title);
  const event = {
    at: now,
    type: wanted.open ? ('incident.opened' as const) : ('incident.closed' as const),
    outcome: 'success' as const,
    actor: { kind: 'person' as const, id: by },
    subject: null,
    data: { since: after.since ?? before.since, changed: before.open === wanted.open },
    ...(said === null ? {} : { text: said }),
  };
  try {
    await store.commit({ changes: [change], audit: [event] });
  } catch (error) {
    if (error instanceof ConflictError) throw new Fault('conflict', { cause: error });
    throw error;
  }
  return view(after);
}

function stored(read: Store['read']) {
  return read.selectFrom('meta').select('value').where('key', '=', incidentKey).executeTakeFirst();
}

function parse(value: string | undefined): Stored {
  return value === undefined ? none : (JSON.parse(value) as Stored);
}

function view({ open, title, since }: Stored): Incident {
  return { open, title, since: toTimestampOrNull(since) };
}
