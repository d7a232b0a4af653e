import type { FeedSystem, ReleaseFeed } from '@postern/shared/protocol/release-feed';
import { day, fromTimestamp, toTimestamp } from '@postern/shared/time';
import { macosPlace } from './macos-place.ts';
import { factsWithoutFeed, type OsVersion, type ReleaseFacts, type Releases } from './release-facts.ts';
import { noUpdateFacts, type Update, updateFacts } from './update-facts.ts';
import { windowsPlace } from './windows-place.ts';

type System<P extends FeedSystem['platform']> = Extract<FeedSystem, { platform: P }>;
type Release<P extends FeedSystem['platform']> = System<P>['releases'][number];

/** When something is asked: its day, and whether the lists of updates are too old by then. */
interface Moment {
  today: string;
  stale: boolean;
}

/** What a feed says of a device's release. */
export function feedReleases(feed: ReleaseFeed): Releases {
  const linux = new Map(feed.systems.flatMap((system) => (system.platform === 'linux' ? [[system.id, system]] : [])));
  const macos = feed.systems.find((system) => system.platform === 'macos');
  const windows = feed.systems.find((system) => system.platform === 'windows');
  const staleOn = Math.floor(fromTimestamp(feed.staleAfter) / day);
  // Made ready once: a feed is asked for every device.
  const updates = new Map<Release<'macos'> | Release<'windows'>, Update[] | undefined>([
    ...(macos?.releases ?? []).map((release) => [release, macosUpdates(release)] as const),
    ...(windows?.releases ?? []).map((release) => [release, windowsUpdates(release)] as const),
  ]);
  return {
    of(system, model, now) {
      const moment = { today: toTimestamp(now).slice(0, 10), stale: Math.floor(now / day) >= staleOn };
      switch (system.platform) {
        case 'linux':
          return linuxFacts(linux.get(system.id), system);
        case 'macos': {
          const has = system.version === null ? undefined : macosPlace(system.version, system.build);
          const release = macos?.releases.find(({ major }) => major === has?.[0]);
          return withUpdates(release, system, { has, updates: release && updates.get(release), model, ...moment });
        }
        case 'windows': {
          const has = windowsPlace(system.build);
          const release = windows?.releases.find(
            ({ build, editions }) => build === has?.[0] && editions.includes(system.edition ?? ''),
          );
          return withUpdates(release, system, { has, updates: release && updates.get(release), model, ...moment });
        }
      }
    },
  };
}

function linuxFacts(of: System<'linux'> | undefined, system: OsVersion): ReleaseFacts {
  const nothing = factsWithoutFeed(system);
  if (of === undefined) return nothing;
  if (of.rolling) return { ...nothing, known: true, rolling: true };
  const release = of.releases
    .filter(({ version }) => isWithin(system.version, version))
    .toSorted((left, right) => right.version.length - left.version.length)[0];
  if (release === undefined) return nothing;
  return { ...nothing, known: true, supportEndsOn: release.supportEndsOn ?? system.supportEndsOn };
}

/** Whether the numbers of a version begin with those of a release: `9.4` is of 9, `90` is not. */
function isWithin(version: string | null, release: string): boolean {
  return version !== null && (version === release || version.startsWith(`${release}.`));
}

function withUpdates(
  release: Release<'macos'> | Release<'windows'> | undefined,
  system: OsVersion,
  question: Moment & Parameters<typeof updateFacts>[0],
): ReleaseFacts {
  const nothing = factsWithoutFeed(system);
  if (release === undefined) return { ...nothing, ...noUpdateFacts };
  return {
    ...nothing,
    known: true,
    supportEndsOn: release.supportEndsOn ?? system.supportEndsOn,
    ...updateFacts(question),
  };
}

function macosUpdates({ updates }: Release<'macos'>): Update[] | undefined {
  return updates?.flatMap((update) => {
    const place = macosPlace(update.version, update.build);
    return place === undefined ? [] : [{ ...update, place, name: nameOf(update.version, update.build) }];
  });
}

/** A response has the version of what it responds to, and only its build tells it apart. */
function nameOf(version: string, build: string | undefined): string {
  return build !== undefined && /[a-z]$/.test(build) ? `${version} (${build})` : version;
}

function windowsUpdates({ updates }: Release<'windows'>): Update[] | undefined {
  return updates?.flatMap((update) => {
    const place = windowsPlace(update.build);
    return place === undefined ? [] : [{ ...update, place, name: update.build }];
  });
}
