import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { releaseFeedFormat, type releaseFeedSchema } from '@postern/shared/protocol/release-feed';
import { readPrivateFeedKey } from '../feed-keys.ts';
import type { OsVersion } from '../release-facts.ts';
import { readFeed } from '../read-feed.ts';
import { makeFeedKey, signFeed } from '../sign-feed.ts';

type FeedDocument = z.input<typeof releaseFeedSchema>;

/** The moment that most tests are at. */
export const noon = Date.parse('2026-11-21T12:00:00.000Z');

/** A feed of three systems, of the day before noon. */
export function aFeed(rest: Partial<FeedDocument> = {}): FeedDocument {
  return {
    format: releaseFeedFormat,
    sequence: 2026112001,
    issuedAt: '2026-11-20T12:00:00.000Z',
    staleAfter: '2027-01-20T12:00:00.000Z',
    systems: [
      {
        platform: 'linux',
        id: 'debian',
        name: 'Debian',
        releases: [
          { name: 'Debian 12', version: '12', supportEndsOn: '2026-07-11', extendedSupportEndsOn: '2028-06-30' },
        ],
      },
    ],
    ...rest,
  };
}

export function aSystem(rest: Partial<OsVersion>): OsVersion {
  return {
    platform: 'linux',
    id: 'debian',
    name: 'Debian',
    version: '12',
    build: '6.1.0',
    supportEndsOn: null,
    ...rest,
  };
}

export const aMac = (version: string, build = '24G1') =>
  aSystem({ platform: 'macos', id: 'macos', name: `macOS ${version}`, version, build });

export const aWindows = (build: string, edition: string | null = 'Professional') =>
  aSystem({ platform: 'windows', id: 'windows', name: 'Windows', version: '10.0.22631', build, edition });

/** Somebody who signs feeds, and the file by which servers know them. */
export async function aPublisher(folder: string, name = 'keys') {
  const { kid, privateJwk, publicKeys } = await makeFeedKey();
  const privateFile = path.join(folder, `${name}.private.jwk`);
  const keysFile = path.join(folder, `${name}.json`);
  writeFileSync(privateFile, JSON.stringify(privateJwk));
  writeFileSync(keysFile, JSON.stringify(publicKeys));
  const key = await readPrivateFeedKey(privateFile);
  return { kid, key, keysFile, privateFile, publicKeys, sign: (feed: FeedDocument) => signFeed(readFeed(feed), key) };
}
