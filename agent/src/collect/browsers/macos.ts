// Read from recorded output; not run on the system itself.
import type { browsers } from '@postern/shared/checks/browsers';
import type { z } from 'zod';
import { found, unknown, type Finding } from '../finding.ts';
import { dictOf, textOf } from '../macos/plist.ts';
import { readPlist } from '../macos/read-plist.ts';
import type { System } from '../system.ts';

type Browsers = z.infer<typeof browsers.value>;
type Browser = Browsers['browsers'][number];

/** By the id that the maker gave: the name of an app is anybody's to change. Previews are browsers too. */
const ids: ReadonlyMap<string, string> = new Map([
  ['com.google.Chrome', 'chrome'],
  ['com.google.Chrome.beta', 'chrome'],
  ['com.google.Chrome.dev', 'chrome'],
  ['com.google.Chrome.canary', 'chrome'],
  ['org.chromium.Chromium', 'chromium'],
  ['org.mozilla.firefox', 'firefox'],
  ['org.mozilla.firefoxdeveloperedition', 'firefox'],
  ['org.mozilla.nightly', 'firefox'],
  ['com.microsoft.edgemac', 'edge'],
  ['com.microsoft.edgemac.Beta', 'edge'],
  ['com.microsoft.edgemac.Dev', 'edge'],
  ['com.microsoft.edgemac.Canary', 'edge'],
  ['com.apple.Safari', 'safari'],
  ['com.apple.SafariTechnologyPreview', 'safari'],
  ['com.brave.Browser', 'brave'],
  ['com.operasoftware.Opera', 'opera'],
  ['com.operasoftware.OperaGX', 'opera'],
  ['com.vivaldi.Vivaldi', 'vivaldi'],
  ['company.thebrowser.Browser', 'arc'],
]);

const usualNames =
  /\/(?:Safari|Google Chrome|Chromium|Firefox|Microsoft Edge|Brave Browser|Opera|Vivaldi|Arc)(?: [\w ]{1,30})?\.app\/Contents\//;

/** Since macOS 13 Safari is updated apart from the system, and lies where such parts are mounted. */
const safari = '/System/Cryptexes/App/System/Applications/Safari.app';
/** More than anybody has; the rest is not looked at, and so not said to be all. */
const mostApps = 400;
const mostBrowsers = 32;
const method = 'Info.plist of the apps in /Applications and ~/Applications';

/** Which browsers lie where apps are installed, for all and for this user alone. */
export async function readMacos(system: System): Promise<Finding<Browsers>> {
  const everybodys = await system.list('/Applications');
  if (everybodys === undefined) {
    return unknown(
      'permission-denied',
      'The folder /Applications may not be listed. Let the agent run as root.',
      method,
    );
  }
  const own = (await system.list(`${system.home}/Applications`)) ?? [];
  const apps = [
    ...everybodys.map((name) => `/Applications/${name}`),
    ...own.map((name) => `${system.home}/Applications/${name}`),
  ].filter((path) => path.endsWith('.app'));
  if (apps.length > mostApps) {
    return unknown('failed', 'There are more apps than are looked through. Remove those that nobody needs.', method);
  }
  // Which of the two is the same one is for the file system to say: a link leads from one to the other.
  const seen = new Set<string>();
  const browsersFound: Browser[] = [];
  for (const app of [safari, ...apps]) {
    const path = await system.realPath(`${app}/Contents/Info.plist`);
    if (path === undefined || seen.has(path)) continue;
    seen.add(path);
    const browser = await readBrowser(system, path);
    if (browser === 'unread') {
      return unknown(
        'output-unreadable',
        'A browser does not tell its version. Install it again from its maker.',
        method,
      );
    }
    if (browser !== undefined) browsersFound.push(browser);
  }
  return found({ browsers: browsersFound.slice(0, mostBrowsers) }, method);
}

/** Undefined for an app that is none. */
async function readBrowser(system: System, path: string): Promise<Browser | 'unread' | undefined> {
  const file = await system.readFile(path);
  // The id stands in a binary list as it does in XML, so that plutil is started for browsers only, and for an app that is
  // called like one: where its list cannot be read it may be the browser that it is called after.
  const isNamed = usualNames.test(path);
  const hasId = file.outcome === 'read' && [...ids.keys()].some((id) => file.text.includes(id));
  if (file.outcome === 'absent' || !(hasId || isNamed)) return undefined;
  const result = await readPlist(system, path);
  if (result.outcome !== 'read') return 'unread';
  const info = dictOf(result.value);
  const name = ids.get(textOf(info?.get('CFBundleIdentifier')) ?? '');
  if (name === undefined) return undefined;
  const version = /^\d[\d.A-Za-z ()-]{0,62}$/.exec(textOf(info?.get('CFBundleShortVersionString')) ?? '')?.[0];
  return version === undefined ? 'unread' : { name, version: version.trim(), source: 'app' };
}
