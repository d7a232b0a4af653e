import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataFolderOf } from './data-folder.ts';

for (const [platform, home, env, folder] of [
  ['linux', '/home/ada', {}, '/home/ada/.local/share/postern-agent'],
  ['linux', '/home/ada', { XDG_DATA_HOME: '/data' }, '/data/postern-agent'],
  ['linux', '/home/ada', { XDG_DATA_HOME: 'relative' }, '/home/ada/.local/share/postern-agent'],
  ['linux', '/home/ada', { POSTERN_AGENT_DATA: '/srv/agent' }, '/srv/agent'],
  ['linux', '/home/ada', { POSTERN_AGENT_DATA: '' }, '/home/ada/.local/share/postern-agent'],
  ['macos', '/Users/ada', {}, '/Users/ada/Library/Application Support/postern-agent'],
  ['windows', 'C:\\Users\\ada', {}, 'C:\\Users\\ada\\AppData\\Local\\postern-agent'],
  ['windows', 'C:\\Users\\ada', { LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\postern-agent'],
] as const) {
  test(`on ${platform} with ${JSON.stringify(env)} it is ${folder}`, () => {
    assert.equal(dataFolderOf({ platform, home, env }), folder);
  });
}
