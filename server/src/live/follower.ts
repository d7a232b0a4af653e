import { own } from '@postern/shared/own';
import type { AuditEvent } from '../audit/event.ts';
import { parseEntry } from '../audit/chain.ts';
import type { Deps } from '../deps.ts';
import type { Unit } from '../storage/store.ts';
import { everything, type Happened, type News, newsOf, showsInAudit } from './news.ts';

/** Further behind than that, it is quicker for everybody to read anew. */
const mostFollowed = 1000;
const mostNotices = 300;
/** Of what was told here and the follower has not come by yet. More than that is told twice. */
const mostRemembered = 10_000;
/** Up to which entry notices were made (notify/follow.ts). */
const noticesKey = 'notify_cursor';

/** Follows what other nodes, and commands, commit: the commits of this one are told without it. */
export interface Follower {
  /** What was committed here is not to be told again. */
  committedHere(unit: Unit, isHeard: boolean): void;
  /** @returns news of what was committed elsewhere since the last look, and whether there are new entries at all */
  look(): Promise<{ news: readonly News[]; happened: readonly Happened[] }>;
  /** Nobody listens any more: what happens meanwhile is no news to whoever comes next. */
  forget(): void;
}

const nothing = { news: [], happened: [] };

export function createFollower({ store }: Pick<Deps, 'store'>): Follower {
  /** Entries that were committed here: while the head grows by as many, nobody else commits any. */
  let counted = 0;
  let place: { head: number; counted: number; notices: number } | undefined;
  /** How far this node made notices since the last look; it told of them. */
  let madeHere: { from: number; to: number }[] = [];
  const told = new Map<string, number>();

  function remember(events: readonly AuditEvent[]): void {
    if (told.size > mostRemembered) told.clear();
    for (const event of events) told.set(keyOf(event), (told.get(keyOf(event)) ?? 0) + 1);
  }

  function wasToldHere(entry: Happened): boolean {
    const times = told.get(keyOf(entry)) ?? 0;
    if (times > 1) told.set(keyOf(entry), times - 1);
    else told.delete(keyOf(entry));
    return times > 0;
  }

  async function readNews(from: number, head: number) {
    const rows = await store.read
      .selectFrom('audit')
      .select('entry')
      .where('seq', '>', from)
      .where('seq', '<=', head)
      .orderBy('seq')
      .execute();
    const happened = rows.map(({ entry }) => parseEntry(entry)).filter((entry) => !wasToldHere(entry));
    const news = happened.flatMap(newsOf);
    return { happened, news: happened.some(showsInAudit) ? [...news, { topic: 'audit' as const, id: null }] : news };
  }

  async function readNotices(from: number, to: number): Promise<News[]> {
    const here = madeHere;
    madeHere = [];
    if (to - from > mostNotices) return [{ topic: 'notices', id: null, everybody: true }];
    const events = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + 1 + index)
      .filter((seq) => !here.some((range) => seq > range.from && seq <= range.to))
      .map((seq) => `audit:${seq}`);
    if (events.length === 0) return [];
    const rows = await store.read
      .selectFrom('notices')
      .select('person_id')
      .distinct()
      .where('event_id', 'in', events)
      .execute();
    return rows.length === 0 ? [] : [{ topic: 'notices', id: null, people: rows.map(({ person_id }) => person_id) }];
  }

  return {
    committedHere({ audit, changes }, isHeard) {
      counted += audit.length;
      if (!isHeard) return;
      remember(audit);
      for (const change of changes) {
        if (change.table !== 'meta' || change.kind !== 'update' || own(change.where, 'key') !== noticesKey) continue;
        madeHere.push({ from: Number(change.where['value']), to: Number(change.set['value']) });
      }
    },
    async look() {
      // Before the head is read: whatever is counted here by now is in it.
      const countedBefore = counted;
      const head = await readHead(store);
      const notices = await readNoticesCursor(store);
      const from = place;
      place = { head, counted: countedBefore, notices };
      if (from === undefined) return nothing;
      // A backup was restored.
      if (head < from.head || notices < from.notices) {
        told.clear();
        return { news: everything(), happened: [] };
      }
      const ofNotices = await readNotices(from.notices, notices);
      if (head - from.head === countedBefore - from.counted) {
        told.clear();
        return { news: ofNotices, happened: [] };
      }
      if (head - from.head > mostFollowed) {
        told.clear();
        return { news: everything(), happened: [] };
      }
      const { news, happened } = await readNews(from.head, head);
      return { news: [...news, ...ofNotices], happened };
    },
    forget() {
      place = undefined;
      madeHere = [];
      told.clear();
    },
  };
}

function keyOf({ at, type, actor, subject }: Happened): string {
  return `${at} ${type} ${actor.id ?? ''} ${subject?.id ?? ''}`;
}

async function readHead({ read }: Deps['store']): Promise<number> {
  const row = await read.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row?.seq ?? 0;
}

async function readNoticesCursor({ read }: Deps['store']): Promise<number> {
  const row = await read.selectFrom('meta').select('value').where('key', '=', noticesKey).executeTakeFirst();
  return Number(row?.value ?? 0);
}
