import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browsers } from '@postern/shared/checks/browsers';
import fc from 'fast-check';
import { fixturesOf, reasonOf, valueOf } from '../testing/assert-finding.ts';
import { exited, recordedSystem } from '../testing/recorded-system.ts';
import type { CommandResult } from '../system.ts';
import { readMacos } from './macos.ts';

const fixture = fixturesOf(import.meta.url);
const info = (folder: string, app: string) => `${folder}/${app}.app/Contents/Info.plist`;
const chrome = info('/Applications', 'Google Chrome');

function mac(
  files: Record<string, string>,
  {
    links = {},
    commands = {},
  }: { links?: Record<string, string>; commands?: Record<string, string | CommandResult> } = {},
) {
  return recordedSystem({ platform: 'macos', files, links, commands, dirs: { '/Applications': ['Utilities'] } });
}

async function found(...args: Parameters<typeof mac>) {
  return valueOf(await readMacos(mac(...args)), browsers).browsers.map(({ name, version }) => `${name} ${version}`);
}

test('browsers are found where apps are installed, for everybody and for one person alone', async () => {
  const names = await found({
    [chrome]: fixture('macos-15-chrome.plist.txt'),
    [info('/Applications', 'Firefox')]: fixture('macos-13-firefox.plist.txt'),
    [info('/Users/ada/Applications', 'Microsoft Edge')]: fixture('macos-14-edge.plist.txt'),
    [info('/Applications', 'Editor')]: fixture('macos-editor.plist.txt'),
  });
  assert.deepEqual(names, ['firefox 132.0.2', 'chrome 131.0.6778.86', 'edge 131.0.2903.63']);
});

test('Safari is found where macOS updates it apart from the system, and once', async () => {
  const path = '/System/Cryptexes/App/System/Applications/Safari.app';
  const files = { [`${path}/Contents/Info.plist`]: fixture('macos-26-safari.plist.txt') };
  assert.deepEqual(await found(files), ['safari 26.1']);
  assert.deepEqual(await found(files, { links: { '/Applications/Safari.app': path } }), ['safari 26.1']);
});

test('a browser under another name, and two copies of one, are found', async () => {
  const names = await found({
    [info('/Applications', 'Work')]: fixture('macos-15-brave.plist.txt'),
    [chrome]: fixture('macos-15-chrome.plist.txt'),
    [info('/Users/ada/Applications', 'Chrome old')]: fixture('macos-15-chrome.plist.txt').replace('131.0', '90.0'),
  });
  assert.deepEqual(names, ['chrome 131.0.6778.86', 'brave 131.1.73.91', 'chrome 90.0.6778.86']);
});

test('a page that Chrome made an app of is no browser, nor is an app that is only called so', async () => {
  const files = {
    [info('/Users/ada/Applications', 'Mail')]: fixture('macos-web-app.plist.txt'),
    [chrome]: fixture('macos-editor.plist.txt'),
  };
  assert.deepEqual(await found(files), []);
});

test('an app that is called like a browser and cannot be read may be that browser', async () => {
  const whole = fixture('macos-15-chrome.plist.txt');
  for (const text of ['', '<html>', whole.slice(0, 120), whole.replace(/./g, '$&\0')]) {
    assert.equal(reasonOf(await readMacos(mac({ [chrome]: text }))), 'output-unreadable', text);
    assert.deepEqual(await found({ [info('/Applications', 'Editor')]: text }), []);
  }
});

test('plutil is started for a binary list of a browser, and for no other app', async () => {
  const editor = info('/Applications', 'Editor');
  const files = { [chrome]: 'bplist00 com.google.Chrome', [editor]: 'bplist00 com.example.editor' };
  const commands = { [`/usr/bin/plutil -convert xml1 -o - ${chrome}`]: fixture('macos-15-chrome.plist.txt') };
  const system = mac(files, { commands });
  assert.equal(valueOf(await readMacos(system), browsers).browsers.length, 1);
  assert.deepEqual(system.ran, Object.keys(commands));
});

test('a browser that does not tell its version is not left out in silence', async () => {
  const text = fixture('macos-15-chrome.plist.txt');
  const versionless = text.replaceAll('131.0.6778.86', '');
  for (const broken of [text.slice(0, -40), versionless, text.replaceAll('131.0.6778.86', 'new\u202e')]) {
    assert.equal(reasonOf(await readMacos(mac({ [chrome]: broken }))), 'output-unreadable');
  }
  const commands = { [`/usr/bin/plutil -convert xml1 -o - ${chrome}`]: exited(1) };
  assert.equal(
    reasonOf(await readMacos(mac({ [chrome]: 'bplist00 com.google.Chrome' }, { commands }))),
    'output-unreadable',
  );
});

test('a folder that is not listed, and more apps than are looked through, are unknown', async () => {
  assert.equal(reasonOf(await readMacos(recordedSystem({ platform: 'macos' }))), 'permission-denied');
  const many = Array.from({ length: 500 }, (_, index) => [info('/Applications', `App${index}`), '']);
  assert.equal(reasonOf(await readMacos(mac(Object.fromEntries(many)))), 'failed');
});

test('no list that was changed gives a version that does not stand in it', async () => {
  const text = fixture('macos-15-chrome.plist.txt');
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length), fc.nat(30), async (at, length) => {
      const finding = await readMacos(mac({ [chrome]: text.slice(0, at) + text.slice(at + length) }));
      if (finding.status !== 'ok') return;
      assert.ok(
        finding.value.browsers.every(({ version }) => '131.0.6778.86'.includes(version) || version.length < 13),
      );
    }),
  );
});
