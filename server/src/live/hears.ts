import type { Role } from '@postern/shared/protocol/admin';
import type { LiveChange, LiveTopic } from '@postern/shared/protocol/live';
import type { Concerned } from './concerned.ts';
import type { News } from './news.ts';
import { readsTopic } from './topics.ts';

/** Who listens, as far as it decides what they hear. */
export interface Ears {
  personId: string;
  roles: readonly Role[];
  groups: readonly string[];
}

/** Topics of which also those have something who do not read all of it. */
const ownTopics: ReadonlySet<LiveTopic> = new Set(['devices', 'exceptions', 'reviews']);
/** Topics that are nobody else's. */
const personal: ReadonlySet<LiveTopic> = new Set(['me', 'notices']);

/** What somebody hears without anything being looked up. Pure. */
export function hearsAtOnce(ears: Ears, news: News): LiveChange | undefined {
  const { topic, id, everybody, people } = news;
  const whole = id === null ? { topic } : { topic, id };
  if (personal.has(topic)) return everybody || people?.includes(ears.personId) ? { topic } : undefined;
  if (readsTopic(topic, ears.roles)) return whole;
  if (!ownTopics.has(topic)) return undefined;
  return everybody ? { topic } : undefined;
}

/** What somebody hears who does not read all of a topic: of what concerns them. Pure. */
export function hearsAsConcerned(ears: Ears, news: News, concerned: Concerned): LiveChange | undefined {
  const { topic, id, people } = news;
  if (!ownTopics.has(topic) || readsTopic(topic, ears.roles) || news.everybody) return undefined;
  if (concerned.tooMany) return { topic };
  const thing = { devices: news.device, exceptions: news.exception, reviews: news.review }[topic as string];
  const isTheirs =
    people?.includes(ears.personId) === true ||
    (thing !== undefined &&
      (concerned.people.get(thing)?.has(ears.personId) === true ||
        concerned.groups.get(thing)?.some((group) => ears.groups.includes(group)) === true));
  if (!isTheirs) return undefined;
  return id === null ? { topic } : { topic, id };
}
