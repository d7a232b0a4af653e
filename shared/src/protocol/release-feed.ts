import { z } from 'zod';
import { humanLine, humanText } from '../text.ts';
import { day, fromTimestamp, timestampSchema } from '../time.ts';

/** `typ` of a signed feed. */
export const releaseFeedType = 'postern-feed+jwt';

export const releaseFeedFormat = 'postern-release-feed-1';

/** Room for some ten thousand updates; what is larger is no feed. */
export const longestFeed = 1_400_000;

/** A feed says nothing for longer than this without a newer one. */
const longestLifeMs = 366 * day;

const date = z.iso.date();

/** `15.7.1`: numbers, compared one by one. */
const numbers = z.string().regex(/^\d{1,6}(?:\.\d{1,6}){0,3}$/, 'must be numbers with dots between them');

/** Beginnings of model names, as the check `identifiers` reports them. `Mac17,5` is no beginning of `Mac17,50`. */
const models = z
  .array(humanLine({ max: 64 }))
  .min(1)
  .max(200);

const supportSchema = z.strictObject({
  /** For people: `Windows 11 24H2, Home and Pro`. */
  name: humanLine({ max: 120 }),
  /** Last day of support that comes with the system; null where its maker has not said. */
  supportEndsOn: date.nullable(),
  /** Last day of support that somebody must order or pay for (LTS, ESM, ELS, ESU). Never counted as support. */
  extendedSupportEndsOn: date.nullable().default(null),
});

const updateSchema = z.strictObject({
  releasedOn: date,
  /** Offered to more and more machines until that day. It counts against none of them before. */
  phasedUntil: date.optional(),
  /** Only for these models; it counts against no other. */
  onlyModels: models.optional(),
  /** Not for these. */
  notModels: models.optional(),
});

const linuxReleaseSchema = supportSchema.extend({
  /** VERSION_ID in os-release, or its beginning: `9` is meant for 9.4 too, and not for 90. */
  version: numbers,
});

const macosReleaseSchema = supportSchema.extend({
  major: z.int().min(10).max(999),
  /** Absent: not known, so nobody is up to date and nobody is behind. */
  updates: z
    .array(
      updateSchema.extend({
        version: numbers,
        /** Needed where it tells updates of one version apart: `22F770820b` is a response to `22F82`. */
        build: z
          .string()
          .regex(/^\d{2}[A-Z]\d{1,9}[a-z]?$/, 'must be a build of macOS, such as 24G830')
          .optional(),
      }),
    )
    .max(500)
    .optional(),
});

const windowsReleaseSchema = supportSchema.extend({
  /** `CurrentBuildNumber`. */
  build: z.int().min(1000).max(999_999),
  /** `EditionID`s that this is for. Others of the same build are supported for other times. */
  editions: z
    .array(z.string().regex(/^[A-Za-z0-9]{1,64}$/, 'must be an EditionID of Windows'))
    .min(1)
    .max(60),
  /** Absent: not known. */
  updates: z
    .array(updateSchema.extend({ build: z.string().regex(/^\d{4,6}\.\d{1,9}$/, 'must be build and revision') }))
    .max(500)
    .optional(),
});

const osId = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be an ID as in os-release');

const systemSchema = z.discriminatedUnion('platform', [
  z.strictObject({
    platform: z.literal('linux'),
    /** ID in os-release. Systems that are like it are other systems. */
    id: osId,
    name: humanLine({ max: 120 }),
    /** It has no versions and no end. */
    rolling: z.boolean().default(false),
    releases: z.array(linuxReleaseSchema).max(200),
  }),
  z.strictObject({
    platform: z.literal('macos'),
    name: humanLine({ max: 120 }),
    releases: z.array(macosReleaseSchema).max(100),
  }),
  z.strictObject({
    platform: z.literal('windows'),
    name: humanLine({ max: 120 }),
    releases: z.array(windowsReleaseSchema).max(300),
  }),
]);

/** What is known of the releases of operating systems: until when they are supported, and which updates they have. */
export const releaseFeedSchema = z
  .strictObject({
    format: z.literal(releaseFeedFormat),
    /** Rises with every issue: an older one is never taken again. Best begun with the date, `2026112101`. */
    sequence: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
    issuedAt: timestampSchema,
    /** From then on it is not taken any more, and one that is in force no longer says that anybody is up to date. */
    staleAfter: timestampSchema,
    /** Where the dates are from. */
    note: humanText({ max: 2000 }).optional(),
    systems: z.array(systemSchema).min(1).max(100),
  })
  .superRefine((feed, context) => {
    const life = fromTimestamp(feed.staleAfter) - fromTimestamp(feed.issuedAt);
    if (life <= 0 || life > longestLifeMs)
      context.addIssue({ code: 'custom', path: ['staleAfter'], message: 'must be after issuedAt, by a year at most' });
    const seen = new Set<string>();
    for (const [index, system] of feed.systems.entries()) {
      const key = system.platform === 'linux' ? system.id : system.platform;
      if (seen.has(key)) context.addIssue({ code: 'custom', path: ['systems', index], message: 'is there twice' });
      seen.add(key);
      if (system.platform === 'linux' && system.rolling && system.releases.length > 0)
        context.addIssue({
          code: 'custom',
          path: ['systems', index, 'releases'],
          message: 'a rolling system has none',
        });
      for (const [at, place] of twice(system))
        context.addIssue({
          code: 'custom',
          path: ['systems', index, 'releases', at],
          message: `${place} is there twice`,
        });
    }
  })
  .meta({ id: 'ReleaseFeed' });

export type ReleaseFeed = z.infer<typeof releaseFeedSchema>;
export type FeedSystem = ReleaseFeed['systems'][number];

/** Of two releases for the same machines one would count, and nobody could tell which. */
function twice(system: z.infer<typeof systemSchema>): [number, string][] {
  const places =
    system.platform === 'linux'
      ? system.releases.map(({ version }) => [version])
      : system.platform === 'macos'
        ? system.releases.map(({ major }) => [String(major)])
        : system.releases.map(({ build, editions }) => editions.map((edition) => `${build} ${edition}`));
  const seen = new Set<string>();
  return places.flatMap((names, at) =>
    names.flatMap((name): [number, string][] => {
      if (seen.has(name)) return [[at, name]];
      seen.add(name);
      return [];
    }),
  );
}

/** `POST /v1/admin/release-feed`. */
export const importFeedSchema = z
  .strictObject({ jws: z.string().min(1).max(longestFeed) })
  .meta({ id: 'ImportReleaseFeed' });

/** What is in force. */
export const releaseFeedViewSchema = z
  .strictObject({
    /** `bundled`: it came with this version of the program. */
    origin: z.enum(['bundled', 'imported']),
    sequence: z.int(),
    issuedAt: timestampSchema,
    staleAfter: timestampSchema,
    ageDays: z.int(),
    /** Its lists of updates are not believed to be complete any more. Ends of support are. */
    stale: z.boolean(),
    /** What somebody should do about it; null where all is well. */
    notice: z.string().nullable(),
    note: z.string().nullable(),
    /** Whose signature it bears; null for the bundled one. */
    keyId: z.string().nullable(),
    importedAt: timestampSchema.nullable(),
    importedBy: z.string().nullable(),
    /** Whether it is fetched from somewhere, as the operator configured it. */
    fetched: z.boolean(),
    systems: z.array(z.strictObject({ name: z.string(), rolling: z.boolean(), releases: z.int() })),
  })
  .meta({ id: 'ReleaseFeedInForce' });
