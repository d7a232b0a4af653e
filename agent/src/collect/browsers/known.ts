/** The browsers that are looked for, by the names that each way to install gives them. */
export interface KnownBrowser {
  name: string;
  packages: readonly string[];
  snaps?: readonly string[];
  flatpaks?: readonly string[];
}

export const knownBrowsers: readonly KnownBrowser[] = [
  {
    name: 'chrome',
    packages: ['google-chrome-stable', 'google-chrome-beta', 'google-chrome-unstable', 'google-chrome'],
    flatpaks: ['com.google.Chrome'],
  },
  {
    name: 'chromium',
    packages: ['chromium', 'chromium-browser', 'ungoogled-chromium'],
    snaps: ['chromium'],
    flatpaks: ['org.chromium.Chromium', 'io.github.ungoogled_software.ungoogled_chromium'],
  },
  {
    name: 'firefox',
    packages: ['firefox', 'firefox-esr', 'firefox-beta', 'firefox-nightly', 'MozillaFirefox'],
    snaps: ['firefox'],
    flatpaks: ['org.mozilla.firefox'],
  },
  {
    name: 'edge',
    packages: ['microsoft-edge-stable', 'microsoft-edge-beta', 'microsoft-edge-dev'],
    flatpaks: ['com.microsoft.Edge'],
  },
  {
    name: 'brave',
    packages: ['brave-browser', 'brave-browser-beta', 'brave-browser-nightly', 'brave-bin'],
    snaps: ['brave'],
    flatpaks: ['com.brave.Browser'],
  },
  {
    name: 'opera',
    packages: ['opera-stable', 'opera'],
    snaps: ['opera'],
    flatpaks: ['com.opera.Opera'],
  },
  {
    name: 'vivaldi',
    packages: ['vivaldi-stable', 'vivaldi-snapshot', 'vivaldi'],
    snaps: ['vivaldi'],
    flatpaks: ['com.vivaldi.Vivaldi'],
  },
  { name: 'librewolf', packages: ['librewolf', 'librewolf-bin'], flatpaks: ['io.gitlab.librewolf-community'] },
];

const byPackage = new Map(knownBrowsers.flatMap(({ name, packages }) => packages.map((each) => [each, name] as const)));
export const packageNames: readonly string[] = [...byPackage.keys()];

export function browserOfPackage(name: string): string | undefined {
  return byPackage.get(name);
}

/**
 * The browser's own version: packages put an epoch before it and their revision behind it. Ubuntu's packages of the form
 * `1:1snap1-0ubuntu5` hold no browser, but what leads to the snap, which is seen for itself.
 */
export function upstreamVersion(version: string): string | undefined {
  const upstream = version.replace(/^\d+:/, '');
  if (/^\d+snap\d/.test(upstream)) return undefined;
  return /^\d+(?:\.\d+){0,8}(?:esr)?/.exec(upstream)?.[0];
}
