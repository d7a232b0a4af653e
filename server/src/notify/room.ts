import type { DeliveryRow } from './delivery.ts';

const mostAtOnce = 8;
const mostPerWebhook = 2;
const mostMails = 4;
/** Places that did not answer last time get so many of `mostAtOnce` together: however many they are, room is left. */
const mostUnanswered = 4;

/** All mail goes through one server. */
export const mailPlace = 'mail';

/** Where a delivery goes, as far as that can be slow. */
export function placeOf({ channel, target }: Pick<DeliveryRow, 'channel' | 'target'>): string {
  return channel === 'email' ? mailPlace : target;
}

export interface Room {
  readonly isFull: boolean;
  /** Whether one more may go there. */
  isFor(place: string): boolean;
  /** Places that nothing may go to now, of those that are known. */
  closedPlaces(): string[];
  has(id: string): boolean;
  take(id: string, place: string): void;
  leave(id: string): void;
  /** Remembers whether there was an answer, of whatever kind. */
  answered(place: string, isSo: boolean): void;
}

/**
 * Who may be sent to at once. A few at a time, fewer to one place, and one to a place that did not answer last time: what
 * is dead or slow takes as long as an attempt may take, and must not take the room of all others for that long.
 */
export function createRoom(): Room {
  const underWay = new Map<string, string>();
  const unanswered = new Set<string>();
  const countOf = (place: string) => [...underWay.values()].filter((each) => each === place).length;
  const mostOf = (place: string) => (unanswered.has(place) ? 1 : place === mailPlace ? mostMails : mostPerWebhook);
  const isFor = (place: string) => {
    if (underWay.size >= mostAtOnce || countOf(place) >= mostOf(place)) return false;
    return (
      !unanswered.has(place) || [...underWay.values()].filter((each) => unanswered.has(each)).length < mostUnanswered
    );
  };
  return {
    get isFull() {
      return underWay.size >= mostAtOnce;
    },
    isFor,
    closedPlaces: () => [...new Set([...underWay.values(), ...unanswered])].filter((place) => !isFor(place)),
    has: (id) => underWay.has(id),
    take: (id, place) => void underWay.set(id, place),
    leave: (id) => void underWay.delete(id),
    answered: (place, isSo) => void (isSo ? unanswered.delete(place) : unanswered.add(place)),
  };
}
