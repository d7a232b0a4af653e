import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './log.ts';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog('debug', { write: (line: string) => void (text += line) }));
  return text;
}

test('secrets are taken out by name, three levels deep', () => {
  const text = logged((log) => {
    log.info(
      {
        authorization: 'Bearer hunter2',
        request: { dpop: 'hunter2', headers: { cookie: 'hunter2', 'set-cookie': 'hunter2' } },
      },
      'asked',
    );
    log.info(
      {
        body: { token: 'hunter2', client_assertion: 'hunter2', device_code: 'hunter2' },
        secret: 'hunter2',
        config: { masterSecret: 'hunter2', databaseUrl: 'hunter2' },
      },
      'asked',
    );
  });
  assert.doesNotMatch(text, /hunter2/);
  assert.match(text, /\[redacted\]/);
});

test('text from outside stays within its line', () => {
  const text = logged((log) => log.info({ name: 'laptop\n{"level":"error","msg":"forged"}\r\n' }, 'seen'));
  assert.equal(text.trimEnd().split('\n').length, 1);
  assert.equal((JSON.parse(text) as { level: string }).level, 'info');
});

test('an error is logged with message, code and causes, without what a library hung on it', () => {
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (hash)=(hunter2) already exists.',
  });
  const text = logged((log) => log.error({ err: new Error('could not write', { cause }) }, 'failed'));
  assert.match(text, /could not write/);
  assert.match(text, /23505/);
  assert.doesNotMatch(text, /hunter2/);
});
