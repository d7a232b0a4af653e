import { antivirus } from '@postern/shared/checks/antivirus';
import { automaticUpdates } from '@postern/shared/checks/automatic-updates';
import { browsers } from '@postern/shared/checks/browsers';
import type { Check } from '@postern/shared/checks/define';
import { deviceManagement } from '@postern/shared/checks/device-management';
import { diskEncryption } from '@postern/shared/checks/disk-encryption';
import { diskFree } from '@postern/shared/checks/disk-free';
import { files } from '@postern/shared/checks/files';
import { firewall } from '@postern/shared/checks/firewall';
import { identifiers } from '@postern/shared/checks/identifiers';
import { lastUpdate } from '@postern/shared/checks/last-update';
import { osVersion } from '@postern/shared/checks/os-version';
import { pendingUpdates } from '@postern/shared/checks/pending-updates';
import { processes } from '@postern/shared/checks/processes';
import { remoteAccess } from '@postern/shared/checks/remote-access';
import { screenLock } from '@postern/shared/checks/screen-lock';
import { secureBoot } from '@postern/shared/checks/secure-boot';
import { signIn } from '@postern/shared/checks/sign-in';
import { sshKeys } from '@postern/shared/checks/ssh-keys';
import { systemIntegrity } from '@postern/shared/checks/system-integrity';
import { tpm } from '@postern/shared/checks/tpm';
import { uptime } from '@postern/shared/checks/uptime';
import { isNewer, isNoAtOnce, isOther, isYesAtOnce, type Better } from './order.ts';

/** What is better about a value than about the truth; undefined for a check that no order is written for. */
export function betterThan(check: string, truth: unknown, value: unknown): string[] | undefined {
  return orders.get(check)?.(truth, value);
}

/** Ways to look at one set of rules: which of them told is no word about what they do. */
const layers = new Set(['nftables', 'iptables', 'ufw', 'firewalld']);

const orders = new Map([
  order(osVersion, (truth, value) => [
    value.platform !== truth.platform && 'another platform',
    // What stands in for a name that is left out.
    value.id !== 'linux' && isOther(truth.id, value.id) && 'another system',
    isNewer(truth.version, value.version) && 'a newer version',
    isNewer(truth.build, value.build) && 'a newer build',
    isOther(truth.edition?.toLowerCase(), value.edition?.toLowerCase()) && 'another edition',
    isOther(truth.supportEndsOn, value.supportEndsOn) && 'another end of support',
  ]),
  order(diskEncryption, (truth, value) => {
    const states = ['full', 'enabled', 'partial', 'none'];
    const plain = truth.volumes.filter(({ encrypted }) => encrypted === false);
    // What could not be looked at is no plain volume, and says so by this state, which promises nothing of it.
    const untold = value.state === 'enabled' && truth.state === 'partial';
    return [
      !untold && states.indexOf(value.state) < states.indexOf(truth.state) && 'a better state',
      ...value.volumes.map(({ mount, encrypted, method }) => {
        const own = truth.volumes.find((volume) => volume.mount === mount);
        if (own !== undefined && isYesAtOnce(own.encrypted, encrypted)) return `${mount} encrypted`;
        return own !== undefined && isOther(own.method, method) && `${mount} by ${method}`;
      }),
      ...plain.map(
        ({ mount }) =>
          ['full', 'enabled'].includes(value.state) &&
          !untold &&
          !value.volumes.some((volume) => volume.mount === mount) &&
          `${mount} hidden`,
      ),
    ];
  }),
  order(firewall, (truth, value) => [
    isYesAtOnce(truth.enabled, value.enabled) && 'on',
    value.enabled && !layers.has(value.provider) && value.provider !== truth.provider && 'another provider',
    ...Object.entries(value.profiles ?? {}).map(
      ([name, on]) => isYesAtOnce(truth.profiles?.[name], on) && `${name} on`,
    ),
  ]),
  order(screenLock, (truth, value) => [
    isYesAtOnce(truth.enabled, value.enabled) && 'on',
    (value.delaySeconds ?? Infinity) < (truth.delaySeconds ?? Infinity) && 'sooner',
    value.desktop !== truth.desktop && 'another desktop',
  ]),
  order(signIn, (truth, value) => [
    isNoAtOnce(truth.automatic, value.automatic) && 'not automatic',
    isYesAtOnce(truth.passwordSet, value.passwordSet) && 'a password',
    isOther(truth.mechanism, value.mechanism) && truth.mechanism !== null && 'another mechanism',
  ]),
  order(secureBoot, (truth, value) => [
    isYesAtOnce(truth.enabled, value.enabled) && 'on',
    isNoAtOnce(truth.setupMode, value.setupMode) && 'no setup mode',
  ]),
  order(systemIntegrity, (truth, value) => [
    ...value.protections.map(
      ({ name, intact }) =>
        isYesAtOnce(truth.protections.find((own) => own.name === name)?.intact, intact) && `${name} intact`,
    ),
    ...truth.protections.map(
      ({ name, intact }) => intact === false && !value.protections.some((own) => own.name === name) && `${name} hidden`,
    ),
  ]),
  order(pendingUpdates, (truth, value) => [
    value.count < truth.count && 'fewer updates',
    value.securityCount !== null && value.securityCount < (truth.securityCount ?? Infinity) && 'fewer for security',
    isNoAtOnce(truth.restartRequired, value.restartRequired) && 'no restart',
    isNewer(truth.listRefreshedAt, value.listRefreshedAt) && 'a newer list',
    value.source !== truth.source && 'another source',
  ]),
  order(lastUpdate, (truth, value) => [value.installedAt > truth.installedAt && 'later']),
  order(automaticUpdates, (truth, value) => [
    isYesAtOnce(truth.enabled, value.enabled) && 'on',
    value.enabled && value.mechanism !== truth.mechanism && 'another mechanism',
    (value.pausedUntil ?? '') < (truth.pausedUntil ?? '') && 'a shorter pause',
  ]),
  order(tpm, (truth, value) => [
    isYesAtOnce(truth.present, value.present) && 'present',
    isOther(truth.version, value.version) && 'another version',
  ]),
  order(identifiers, (truth, value) =>
    (['vendor', 'model', 'serial', 'hardwareUuid', 'machineIdHash'] as const).map(
      (name) => isOther(truth[name], value[name]) && `another ${name}`,
    ),
  ),
  order(deviceManagement, (truth, value) => [
    isYesAtOnce(truth.managed, value.managed) && 'managed',
    isOther(truth.mdm, value.mdm) && 'another management',
    // sssd is the name for a directory that is not told closer.
    value.directory !== 'sssd' && isOther(truth.directory, value.directory) && 'another directory',
  ]),
  order(uptime, (truth, value) => [value.startedAt > truth.startedAt && 'started later']),
  order(diskFree, (truth, value) => [
    value.freePercent > truth.freePercent && 'more free',
    value.sizeGiB > truth.sizeGiB && 'larger',
    value.mount !== truth.mount && 'another volume',
  ]),
  order(antivirus, (truth, value) => {
    // A name is its maker's, and may be spoilt: as long as none is missing, a product is known by its place too.
    const isWhole = truth.products.length === value.products.length;
    return [
      ...value.products.flatMap(({ name, running, upToDate, kind }, at) => {
        const own =
          truth.products.find((product) => product.name === name) ?? (isWhole ? truth.products[at] : undefined);
        return [
          own === undefined && running === true && `${name} present`,
          isYesAtOnce(own?.running, running) && `${name} running`,
          isYesAtOnce(own?.upToDate, upToDate) && `${name} up to date`,
          kind === 'edr' && own?.kind !== 'edr' && `${name} watching`,
        ];
      }),
      ...truth.products.map(
        ({ name, running }) =>
          !isWhole && running === false && !value.products.some((product) => product.name === name) && `${name} hidden`,
      ),
    ];
  }),
  order(remoteAccess, (truth, value) => {
    const openness = ['no', 'this-machine', 'anywhere'];
    return truth.services.map(({ name, open }) => {
      const own = value.services.find((service) => service.name === name);
      // Settings tell some of them, and say of none that it is all; what is not told of this one is left out.
      const isTold = value.source !== 'settings' && name !== 'internet-sharing';
      if (open === 'no' || (own === undefined && !isTold)) return false;
      return (own === undefined || openness.indexOf(own.open) < openness.indexOf(open)) && `${name} closed`;
    });
  }),
  order(browsers, (truth, value) => [
    ...value.browsers.map(({ name, version, source }) => {
      const own = truth.browsers.filter((browser) => browser.name === name && browser.source === source);
      if (own.length === 0) return `${name} from ${source}`;
      return own.every((browser) => isNewer(browser.version, version)) && `a newer ${name}`;
    }),
    ...truth.browsers.map(({ name }) => !value.browsers.some((browser) => browser.name === name) && `${name} hidden`),
  ]),
  order(processes, (truth, value) =>
    value.processes.map(
      ({ path, running }) =>
        isYesAtOnce(truth.processes.find((own) => own.path === path)?.running, running) && `${path} runs`,
    ),
  ),
  order(files, (truth, value) =>
    value.files.flatMap(({ path, state, sha256, signature, signer }) => {
      const own = truth.files.find((file) => file.path === path);
      return [
        state === 'present' && own?.state !== 'present' && `${path} present`,
        isOther(own?.sha256, sha256) && `${path} of another hash`,
        signature === 'valid' && own?.signature !== 'valid' && `${path} signed`,
        isOther(own?.signer, signer) && `${path} signed by another`,
      ];
    }),
  ),
  order(sshKeys, (truth, value) => {
    const open = (keys: typeof truth.keys) => keys.filter(({ passphrase }) => passphrase === false).length;
    const locked = (keys: typeof truth.keys) => keys.filter(({ passphrase }) => passphrase === true).length;
    const seen = ({ keys, unreadable }: typeof truth) => keys.length + unreadable;
    return [
      locked(truth.keys) === 0 && locked(value.keys) > 0 && 'a passphrase',
      seen(value) < seen(truth) && 'a key hidden',
      open(value.keys) < open(truth.keys) &&
        value.unreadable <= truth.unreadable &&
        seen(value) >= seen(truth) &&
        'fewer open',
      value.keys.some(({ bits }) => bits !== null && !truth.keys.some((key) => key.bits === bits)) && 'another size',
      value.keys.some(({ algorithm }) => !truth.keys.some((key) => key.algorithm === algorithm)) && 'another kind',
    ];
  }),
]);

function order<Value>(
  check: Check<Value>,
  better: Better<Value>,
): [string, (truth: unknown, value: unknown) => string[]] {
  return [
    check.id,
    (truth, value) => better(check.value.parse(truth), check.value.parse(value)).filter((each) => each !== false),
  ];
}
