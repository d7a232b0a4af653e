import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPersonal } from './personal.ts';

const homes = { linux: '/srv/people/ada', macos: '/Users/ada', windows: 'C:\\Users\\ada' } as const;

for (const [platform, path] of [
  ['linux', '/home/ada/.ssh/id_ed25519'],
  ['linux', '//home//grace/diary.txt'],
  ['linux', '/srv/people/ada/diary.txt'],
  ['linux', '/root/.bash_history'],
  ['linux', '/var/home/ada/x'],
  ['linux', '/run/media/ada/STICK/x'],
  ['linux', '/media/ada/STICK/x'],
  ['linux', '/mnt/c/Users/ada/x'],
  ['linux', '/run/user/1000/x'],
  ['macos', '/Users/grace/Library/Messages/chat.db'],
  ['macos', '/users/Grace/x'],
  ['macos', '/System/Volumes/Data/Users/ada/x'],
  ['macos', '/Volumes/STICK/x'],
  ['macos', '/private/var/root/x'],
  ['macos', '/.vol/16777220/12345'],
  ['windows', 'C:\\Users\\grace\\diary.txt'],
  ['windows', 'c:\\users\\GRACE~1\\diary.txt'],
  ['windows', 'D:\\Users\\grace/diary.txt'],
  ['windows', 'C:\\\\Users\\grace\\diary.txt'],
  ['windows', 'C:\\Documents and Settings\\grace\\x'],
] as const) {
  test(`${platform}: ${path} is a person's own`, () => {
    assert.equal(isPersonal({ platform, home: homes[platform] }, path), true);
  });
}

for (const [platform, path] of [
  ['linux', '/opt/edr/agent'],
  ['linux', '/srv/people/adamant/agent'],
  ['linux', '/usr/lib/home/x'],
  ['linux', '/homework/x'],
  ['macos', '/Applications/EDR.app/Contents/MacOS/EDR'],
  ['macos', '/Users/Shared/EDR/agent'],
  ['windows', 'C:\\Program Files\\EDR\\agent.exe'],
  ['windows', 'C:\\Users\\Public\\EDR\\agent.exe'],
  ['windows', 'C:\\ProgramData\\EDR\\x'],
] as const) {
  test(`${platform}: ${path} is not`, () => {
    assert.equal(isPersonal({ platform, home: homes[platform] }, path), false);
  });
}

test('a service whose home is the root folder can still be asked', () => {
  assert.equal(isPersonal({ platform: 'linux', home: '/' }, '/opt/edr/agent'), false);
  assert.equal(isPersonal({ platform: 'windows', home: 'C:\\' }, 'C:\\EDR\\agent.exe'), false);
});
