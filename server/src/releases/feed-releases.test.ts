import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { day } from '@postern/shared/time';
import { feedReleases } from './feed-releases.ts';
import { readFeed } from './read-feed.ts';
import { aFeed, aMac, aSystem, aWindows, noon } from './testing/feeds.ts';

type Systems = ReturnType<typeof aFeed>['systems'];
type Mac = Extract<Systems[number], { platform: 'macos' }>['releases'][number];
type Windows = Extract<Systems[number], { platform: 'windows' }>['releases'][number];

const releasesOf = (...systems: Systems) => feedReleases(readFeed(aFeed({ systems })));
const mac = (major: number, updates?: Mac['updates']): Mac => ({
  name: `macOS ${major}`,
  major,
  supportEndsOn: null,
  updates,
});
const macs = (...releases: Mac[]) => releasesOf({ platform: 'macos', name: 'macOS', releases });
const pro = ['Core', 'Professional'];
const windows = (...releases: Windows[]) => releasesOf({ platform: 'windows', name: 'Windows', releases });
const win = (build: number, rest: Partial<Windows> = {}): Windows => ({
  name: `Windows ${build}`,
  build,
  editions: pro,
  supportEndsOn: null,
  ...rest,
});

describe('a version of macOS', () => {
  const sequoia = macs(
    mac(15, [
      { version: '15.1', releasedOn: '2024-10-28' },
      { version: '15.2', releasedOn: '2024-12-11' },
      { version: '15.10', releasedOn: '2026-01-10' },
    ]),
  );

  it('15.10 is newer than 15.9 and 15.2, which comparing text denies', () => {
    assert.deepEqual(['15.2', '15.10'].toSorted(), ['15.10', '15.2'], 'their method');
    assert.deepEqual(sequoia.of(aMac('15.10'), null, noon), {
      known: true,
      rolling: false,
      supportEndsOn: null,
      latest: '15.10',
      upToDate: true,
      behindSince: null,
    });
    assert.equal(sequoia.of(aMac('15.9'), null, noon).behindSince, '2026-01-10');
    assert.equal(sequoia.of(aMac('15.11'), null, noon).upToDate, true);
  });

  it('is behind since the oldest update that it lacks, not since the newest', () => {
    const { upToDate, behindSince, latest } = sequoia.of(aMac('15.1'), null, noon);
    assert.deepEqual([upToDate, behindSince, latest], [false, '2024-12-11', '15.10']);
    assert.equal(sequoia.of(aMac('15'), null, noon).behindSince, '2024-10-28');
    assert.equal(sequoia.of(aMac('15.0.1'), null, noon).behindSince, '2024-10-28');
  });

  it('is not behind because of another major version', () => {
    const both = macs(
      mac(15, [{ version: '15.7', releasedOn: '2025-09-15' }]),
      mac(26, [{ version: '26.1', releasedOn: '2025-11-03' }]),
    );
    assert.equal(both.of(aMac('15.7'), null, noon).upToDate, true);
    assert.equal(both.of(aMac('14.8'), null, noon).known, false);
  });

  it('with a security response has it by the letter of its build, without one lacks it', () => {
    const ventura = macs(
      mac(13, [
        { version: '13.4.1', build: '22F82', releasedOn: '2023-06-21' },
        { version: '13.4.1', build: '22F770820b', releasedOn: '2023-07-10' },
        { version: '13.4.1', build: '22F770820d', releasedOn: '2023-07-12' },
      ]),
    );
    assert.equal(ventura.of(aMac('13.4.1', '22F770820d'), null, noon).upToDate, true);
    assert.equal(ventura.of(aMac('13.4.1', '22F770820d'), null, noon).latest, '13.4.1 (22F770820d)');
    assert.equal(ventura.of(aMac('13.4.1', '22F770820b'), null, noon).behindSince, '2023-07-12');
    assert.equal(ventura.of(aMac('13.4.1', '22F82'), null, noon).behindSince, '2023-07-10');
    assert.equal(ventura.of(aMac('13.5', '22G74'), null, noon).upToDate, true, 'the next version contains it');
  });

  it('that is a beta is before the version that it is of, although its build ends in a letter too', () => {
    const tahoe = macs(mac(26, [{ version: '26.6', build: '25G72', releasedOn: '2026-07-27' }]));
    assert.equal(tahoe.of(aMac('26.6', '25G5043d'), null, noon).upToDate, false);
    assert.equal(tahoe.of(aMac('26.6', '25G72'), null, noon).upToDate, true);
  });

  it('has other builds for other hardware, and is the same version', () => {
    const tahoe = macs(mac(26, [{ version: '26.0.1', build: '25A8364', releasedOn: '2025-10-16' }]));
    assert.equal(tahoe.of(aMac('26.0.1', '25A362'), null, noon).upToDate, true);
  });

  it('that only some models get does not count against the others (pareto-mac#269)', () => {
    const tahoe = macs(
      mac(26, [
        { version: '26.3.1', releasedOn: '2026-03-04' },
        { version: '26.3.2', releasedOn: '2026-03-10', onlyModels: ['Mac17,5'] },
      ]),
    );
    assert.equal(tahoe.of(aMac('26.3.1'), 'Mac16,1', noon).upToDate, true);
    assert.equal(tahoe.of(aMac('26.3.1'), 'Mac16,1', noon).latest, '26.3.1');
    assert.equal(tahoe.of(aMac('26.3.1'), 'Mac17,5', noon).behindSince, '2026-03-10');
    assert.equal(tahoe.of(aMac('26.3.1'), 'Mac17,50', noon).upToDate, true, 'another model');
    const unknown = tahoe.of(aMac('26.3.1'), null, noon);
    assert.deepEqual([unknown.upToDate, unknown.latest, unknown.behindSince], [null, null, null]);
    assert.equal(tahoe.of(aMac('26.3'), null, noon).upToDate, false, 'whatever model it is');
    assert.equal(tahoe.of(aMac('26.3.2'), null, noon).upToDate, true);
  });

  it('that some models do not get', () => {
    const tahoe = macs(mac(26, [{ version: '26.4', releasedOn: '2026-03-24', notModels: ['MacPro'] }]));
    assert.equal(tahoe.of(aMac('26.3'), 'Mac16,1', noon).upToDate, false);
    assert.equal(tahoe.of(aMac('26.3'), 'MacPro7,1', noon).upToDate, true);
  });

  it('without a list of updates, or that is none, is neither up to date nor behind', () => {
    const bare = macs(mac(15));
    for (const system of [aMac('15.1'), aMac('15.x'), aMac('nonsense'), { ...aMac('15.1'), version: null }]) {
      const { upToDate, behindSince, latest } = bare.of(system, null, noon);
      assert.deepEqual([upToDate, behindSince, latest], [null, null, null]);
    }
  });
});

describe('an update that is offered to more and more machines', () => {
  const phased = windows(
    win(22631, {
      updates: [
        { build: '22631.4317', releasedOn: '2026-10-13' },
        { build: '22631.4602', releasedOn: '2026-11-10', phasedUntil: '2026-11-24' },
      ],
    }),
  );
  const device = aWindows('22631.4317');

  it('counts against nobody before everybody can have it', () => {
    assert.equal(phased.of(device, null, noon).upToDate, true);
    assert.equal(phased.of(device, null, noon).latest, '22631.4317');
    assert.equal(phased.of(aWindows('22631.4602'), null, noon).upToDate, true);
  });

  it('counts from that day on, and not from its release', () => {
    const end = Date.parse('2026-11-24T00:00:00Z');
    assert.equal(phased.of(device, null, end - 1).upToDate, true);
    assert.equal(phased.of(device, null, end).upToDate, false);
    assert.equal(phased.of(device, null, end).behindSince, '2026-11-24');
  });

  it('is not out before its day', () => {
    assert.equal(phased.of(aWindows('22631.1'), null, Date.parse('2026-10-12T23:59:59Z')).upToDate, true);
  });
});

describe('a build of Windows', () => {
  const updates = [{ build: '22631.4317', releasedOn: '2024-10-08' }];

  it('22631.460 is older than 22631.4317, which comparing text or versions without their build denies', () => {
    assert.deepEqual(['22631.460', '22631.4317'].toSorted()[1], '22631.460', 'their method');
    assert.equal(windows(win(22631, { updates })).of(aWindows('22631.460'), null, noon).upToDate, false);
    assert.equal(windows(win(22631, { updates })).of(aWindows('22631.43170'), null, noon).upToDate, true);
  });

  it('is supported for other times as another edition: Pro, Enterprise, LTSC and Server share builds', () => {
    const feed = windows(
      win(26100, { supportEndsOn: '2026-10-13' }),
      win(26100, { editions: ['Enterprise'], supportEndsOn: '2027-10-12' }),
      win(26100, { editions: ['EnterpriseS'], supportEndsOn: '2029-10-09' }),
      win(26100, { editions: ['ServerStandard'], supportEndsOn: '2034-11-14' }),
    );
    const ends = ['Core', 'Enterprise', 'EnterpriseS', 'ServerStandard', 'Cloud', null].map(
      (edition) => feed.of(aWindows('26100.1', edition), null, noon).supportEndsOn,
    );
    assert.deepEqual(ends, ['2026-10-13', '2027-10-12', '2029-10-09', '2034-11-14', null, null]);
    assert.equal(feed.of(aWindows('26100.1', 'Cloud'), null, noon).known, false);
  });

  it('that is none is not known', () => {
    assert.equal(windows(win(22631, { updates })).of(aWindows('22631'), null, noon).known, false);
  });
});

describe('a Linux distribution', () => {
  const linux = releasesOf(
    {
      platform: 'linux',
      id: 'debian',
      name: 'Debian',
      releases: [
        { name: '12', version: '12', supportEndsOn: '2026-07-11', extendedSupportEndsOn: '2028-06-30' },
        { name: '1', version: '1', supportEndsOn: '1996-12-12' },
      ],
    },
    {
      platform: 'linux',
      id: 'rhel',
      name: 'RHEL',
      releases: [
        { name: '9', version: '9', supportEndsOn: '2032-05-31' },
        { name: '9.4', version: '9.4', supportEndsOn: '2026-04-30' },
      ],
    },
    { platform: 'linux', id: 'arch', name: 'Arch', rolling: true, releases: [] },
    { platform: 'linux', id: 'fedora', name: 'Fedora', releases: [{ name: '44', version: '44', supportEndsOn: null }] },
  );

  it('ends when its own support ends; support that somebody must pay for is none', () => {
    assert.deepEqual(linux.of(aSystem({}), null, noon), {
      known: true,
      rolling: false,
      supportEndsOn: '2026-07-11',
      latest: null,
      upToDate: null,
      behindSince: null,
    });
  });

  it('is found by its numbers, the closest first, and never by how they begin', () => {
    assert.equal(linux.of(aSystem({ version: '12.5' }), null, noon).supportEndsOn, '2026-07-11');
    assert.equal(linux.of(aSystem({ version: '120' }), null, noon).known, false);
    assert.equal(linux.of(aSystem({ id: 'rhel', version: '9.8' }), null, noon).supportEndsOn, '2032-05-31');
    assert.equal(linux.of(aSystem({ id: 'rhel', version: '9.4' }), null, noon).supportEndsOn, '2026-04-30');
  });

  it('that rolls has no end, whatever it calls its version', () => {
    for (const version of [null, '20261120.0.1']) {
      const { known, rolling, supportEndsOn } = linux.of(aSystem({ id: 'arch', version }), null, noon);
      assert.deepEqual([known, rolling, supportEndsOn], [true, true, null]);
    }
  });

  it('without a version (Debian testing), or that is only like another, is not known', () => {
    assert.equal(linux.of(aSystem({ version: null }), null, noon).known, false);
    assert.equal(linux.of(aSystem({ id: 'kali', version: '12' }), null, noon).known, false);
    assert.equal(linux.of(aSystem({ id: 'constructor', version: '12' }), null, noon).known, false);
  });

  it('says its own end where the feed does not', () => {
    const own = { supportEndsOn: '2027-01-01' };
    assert.equal(linux.of(aSystem({ id: 'slackware', ...own }), null, noon).supportEndsOn, '2027-01-01');
    assert.equal(linux.of(aSystem({ id: 'fedora', version: '44', ...own }), null, noon).supportEndsOn, '2027-01-01');
    assert.equal(linux.of(aSystem(own), null, noon).supportEndsOn, '2026-07-11', 'the feed wins');
  });
});

describe('a stale feed', () => {
  it('still says who is behind and when support ends, and no longer who is up to date', () => {
    const feed = aFeed({
      systems: [
        {
          platform: 'macos',
          name: 'macOS',
          releases: [{ ...mac(15, [{ version: '15.2', releasedOn: '2024-12-11' }]), supportEndsOn: '2027-09-15' }],
        },
      ],
    });
    const releases = feedReleases(readFeed(feed));
    const later = Date.parse(feed.staleAfter);
    const current = releases.of(aMac('15.2'), null, later);
    assert.deepEqual([current.upToDate, current.latest, current.supportEndsOn], [null, null, '2027-09-15']);
    const behind = releases.of(aMac('15.1'), null, later);
    assert.deepEqual([behind.upToDate, behind.latest, behind.behindSince], [false, null, '2024-12-11']);
    assert.equal(releases.of(aMac('15.2'), null, later - day).upToDate, true);
  });
});

describe('whatever a device says of itself', () => {
  const releases = macs(mac(15, [{ version: '15.2', releasedOn: '2024-12-11' }]));
  const versions = fc.tuple(fc.constant(15), fc.nat(30), fc.nat(30));
  const text = (numbers: readonly number[]) => numbers.join('.');

  it('never throws', () => {
    const anything = fc.record({
      platform: fc.constantFrom('linux' as const, 'macos' as const, 'windows' as const),
      id: fc.string(),
      version: fc.option(fc.string()),
      build: fc.string(),
      edition: fc.option(fc.string()),
    });
    fc.assert(
      fc.property(anything, fc.option(fc.string()), (system, model) => {
        const { upToDate } = releases.of(aSystem(system), model, noon);
        if (system.platform !== 'macos') assert.equal(upToDate, null);
      }),
    );
  });

  it('a newer version is never judged worse than an older one', () => {
    fc.assert(
      fc.property(versions, versions, (one, other) => {
        const [older = one, newer = other] = [one, other].toSorted(([, a, b], [, c, d]) => a - c || b - d);
        if (releases.of(aMac(text(older)), null, noon).upToDate === true)
          assert.equal(releases.of(aMac(text(newer)), null, noon).upToDate, true);
      }),
    );
  });
});
