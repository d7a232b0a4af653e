import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixLink, fixPage } from './fix-link.ts';

test('only pages and panes of settings are links', () => {
  for (const link of ['https://help.example/x', 'ms-settings:windowsupdate', 'x-apple.systempreferences:com.apple.x'])
    assert.equal(fixLink(link), link);
  for (const link of [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JAVASCRIPT:x',
    'data:text/html,x',
    '//x',
    'x',
    '',
    null,
  ])
    assert.equal(fixLink(link), undefined);
});

test('who does not sit at the device is led to pages only', () => {
  assert.equal(fixPage('https://help.example/x'), 'https://help.example/x');
  for (const link of ['ms-settings:windowsupdate', 'http://help.example', 'javascript:alert(1)', null])
    assert.equal(fixPage(link), undefined);
});
