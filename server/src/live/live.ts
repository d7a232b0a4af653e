import { Fault } from '@postern/shared/protocol/errors';
import { second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import type { Unit } from '../storage/store.ts';
import { readConcerned } from './concerned.ts';
import { createFeed, type Feed } from './feed.ts';
import { createFollower } from './follower.ts';
import { type Ears, hearsAsConcerned, hearsAtOnce } from './hears.ts';
import { type Happened, type News, newsOf, newsOfChanges, newsOfPersonal, showsInAudit } from './news.ts';

export type LiveDeps = Pick<Deps, 'store' | 'log'> & { metrics: Pick<Metrics, 'liveStreams'> };

/** Who opens a stream. */
export interface Wish extends Ears {
  /** Who they are now. Rejects with a Fault once they are signed in no more. */
  whoNow(): Promise<Ears>;
}

export interface Limits {
  ofPerson: number;
  ofAll: number;
  /** So often another node's commits are looked for, and what changes all the time is told of. */
  everyMs: number;
  /** So often a stream shows that it is there, and whoever reads it that they are still signed in. */
  checkMs: number;
}

const standard: Limits = { ofPerson: 20, ofAll: 5000, everyMs: second, checkMs: 25 * second };

export interface Live {
  /** @throws Fault too_many_requests */
  open(wish: Wish): Pick<Feed, 'lines' | 'broken'>;
  /** Something was committed here. */
  committed(unit: Unit): void;
  /** How many listen. */
  count(): number;
  /** Ends all streams, and lets nobody in. */
  stop(): Promise<void>;
}

/** More things than that are held back as one. */
const mostHeld = 500;

interface Listener {
  wish: Wish;
  feed: Feed;
  check: NodeJS.Timeout | undefined;
}

/** Tells everybody who listens what changes, as far as they may know it: at once what is committed here, a second later what is elsewhere. */
export function createLive(deps: LiveDeps, limits: Limits = standard): Live {
  const { store, log, metrics } = deps;
  const follower = createFollower(deps);
  const listeners = new Set<Listener>();
  /** What happens too often to be told of each time: told of with the next look. */
  const held = new Map<string, News>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let isStopped = false;

  function tell(news: readonly News[]): void {
    if (news.length === 0 || listeners.size === 0) return;
    for (const { wish, feed } of listeners)
      for (const each of news) {
        const heard = hearsAtOnce(wish, each);
        if (heard !== undefined) feed.tell(heard);
      }
    tellConcerned(news).catch((error: unknown) => log.error({ err: error }, 'changes could not be told'));
  }

  /** Whoever reads all of it was told; whom it concerns besides has to be looked up. */
  async function tellConcerned(news: readonly News[]): Promise<void> {
    const others = [...listeners].filter(({ wish }) => !wish.roles.includes('admin'));
    const open = news.filter((each) => each.everybody !== true && (each.device ?? each.exception ?? each.review));
    if (others.length === 0 || open.length === 0) return;
    const concerned = await readConcerned(store.read, open);
    for (const { wish, feed } of others)
      for (const each of open) {
        const heard = hearsAsConcerned(wish, each, concerned);
        if (heard !== undefined) feed.tell(heard);
      }
  }

  function hold(news: News): void {
    const { topic, id } = news;
    if (held.size < mostHeld) held.set(`${topic} ${id ?? ''}`, news);
    else held.set(topic, { topic, id: null, everybody: true });
  }

  /** Whoever something was done to may be signed in no more, or be somebody else now. */
  function checkThose(happened: readonly Happened[]): void {
    const people = new Set(happened.flatMap(({ subject }) => (subject?.kind === 'person' ? [subject.id] : [])));
    if (people.size === 0) return;
    for (const listener of listeners) if (people.has(listener.wish.personId)) void checkOne(listener);
  }

  async function checkOne({ wish, feed }: Listener): Promise<void> {
    try {
      const now = await wish.whoNow();
      const same = now.personId === wish.personId && String(now.roles) === String(wish.roles);
      // Another stream begins with all that they may see now.
      if (!same || String(now.groups) !== String(wish.groups)) feed.end();
    } catch (error) {
      if (error instanceof Fault) feed.end();
      // The database is away: the next check will tell.
      else log.warn({ err: error }, 'whoever listens could not be checked');
    }
  }

  async function look(): Promise<void> {
    const { news, happened } = await follower.look();
    if (listeners.size === 0) return;
    const late = [...held.values()];
    held.clear();
    tell([...news, ...late]);
    checkThose(happened);
  }

  function lookNow(): void {
    looking ??= look()
      .catch((error: unknown) => log.warn({ err: error }, 'changes could not be followed'))
      .finally(() => (looking = undefined));
  }

  const isFull = (personId: string) =>
    listeners.size >= limits.ofAll ||
    [...listeners].filter(({ wish }) => wish.personId === personId).length >= limits.ofPerson;

  function begin(listener: Listener): void {
    // Several that were let in at the same instant were each the last one that there was room for.
    if (isFull(listener.wish.personId)) {
      listener.feed.end();
      return;
    }
    listeners.add(listener);
    metrics.liveStreams(listeners.size);
    listener.check = setInterval(() => {
      listener.feed.keepAlive();
      void checkOne(listener);
    }, limits.checkMs).unref();
    if (isStopped) {
      listener.feed.end();
      return;
    }
    // Somebody may have been signed out since they were let in, while nobody knew of this stream.
    void checkOne(listener);
    if (timer !== undefined) return;
    timer = setInterval(lookNow, limits.everyMs).unref();
    lookNow();
  }

  function forget(listener: Listener): void {
    clearInterval(listener.check);
    listeners.delete(listener);
    metrics.liveStreams(listeners.size);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    held.clear();
    follower.forget();
  }

  return {
    open(wish) {
      if (isStopped) throw new Fault('unavailable', { headers: { 'Retry-After': '1' } });
      if (isFull(wish.personId)) throw new Fault('too_many_requests', { headers: { 'Retry-After': '30' } });
      const feed = createFeed(
        () => begin(listener),
        () => forget(listener),
      );
      const listener: Listener = { wish, feed, check: undefined };
      return feed;
    },
    committed(unit) {
      const isHeard = listeners.size > 0;
      follower.committedHere(unit, isHeard);
      if (!isHeard) return;
      for (const news of newsOfChanges(unit.changes)) hold(news);
      if (unit.audit.some(showsInAudit)) hold({ topic: 'audit', id: null });
      tell([...unit.audit.flatMap(newsOf), ...newsOfPersonal(unit.changes)]);
      checkThose(unit.audit);
    },
    count: () => listeners.size,
    async stop() {
      isStopped = true;
      for (const { feed } of listeners) feed.end();
      await looking;
    },
  };
}
