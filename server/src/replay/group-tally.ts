import type { Platform } from '@postern/shared/checks/define';
import type { Ownership } from '@postern/shared/protocol/enrollment';
import type { ReplaySummary } from '@postern/shared/protocol/policy-replay';
import type { DeviceFacts } from '../devices/index.ts';

/** More lines than this help nobody; those with most devices blocked are kept. */
const maxLines = 100;
/** Devices choose what their build is called: so many different ones are told apart. */
const maxBuilds = 5000;

/** Whom it hits: systems and their builds, ownership, people and their groups. */
export class GroupTally {
  readonly #platforms = new Map<Platform, ReplaySummary['platforms'][number]>();
  readonly #ownership = new Map<Ownership, ReplaySummary['ownership'][number]>();
  readonly #builds = new Map<string, ReplaySummary['builds'][number]>();
  readonly #groups = new Map<string, Set<string>>();
  readonly #people = new Set<string>();

  /** People with a device that would newly be blocked. */
  get people(): number {
    return this.#people.size;
  }

  add({ platform, ownership, posture, owner }: DeviceFacts, isBlocked: boolean): void {
    count(this.#platforms, platform, () => ({ platform }), isBlocked);
    count(this.#ownership, ownership, () => ({ ownership }), isBlocked);
    const build = posture?.build ?? null;
    const key = `${platform} ${build ?? ''}`;
    if (this.#builds.has(key) || this.#builds.size < maxBuilds)
      count(this.#builds, key, () => ({ platform, build }), isBlocked);
    if (!isBlocked) return;
    this.#people.add(owner.id);
    for (const group of owner.groups) {
      const people = this.#groups.get(group) ?? new Set();
      this.#groups.set(group, people.add(owner.id));
    }
  }

  summary(): Pick<ReplaySummary, 'platforms' | 'builds' | 'ownership' | 'groups'> {
    const groups = [...this.#groups].map(([group, people]) => ({ group, people: people.size }));
    return {
      platforms: [...this.#platforms.values()].toSorted(byBlocked),
      builds: [...this.#builds.values()].toSorted(byBlocked).slice(0, maxLines),
      ownership: [...this.#ownership.values()].toSorted(byBlocked),
      groups: groups.toSorted((left, right) => right.people - left.people).slice(0, maxLines),
    };
  }
}

interface Counted {
  judged: number;
  newlyBlocked: number;
}

function count<Key, Line extends Counted>(
  lines: Map<Key, Line>,
  key: Key,
  start: () => Omit<Line, keyof Counted>,
  isBlocked: boolean,
): void {
  let line = lines.get(key);
  if (line === undefined) {
    line = { ...start(), judged: 0, newlyBlocked: 0 } as Line;
    lines.set(key, line);
  }
  line.judged += 1;
  if (isBlocked) line.newlyBlocked += 1;
}

function byBlocked(left: Counted, right: Counted): number {
  return right.newlyBlocked - left.newlyBlocked || right.judged - left.judged;
}
