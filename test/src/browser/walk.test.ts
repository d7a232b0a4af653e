import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '@postern/server/config-read';
import { start } from '@postern/server/start';
import type { Role } from '@postern/shared/protocol/admin';
import { demoLinks } from '../../../scripts/demo/links.ts';
import { makeDemo } from '../../../scripts/demo/make.ts';
import { readOptions } from '../../../scripts/demo/options.ts';
import { demoEnvironment } from '../../../scripts/demo/stage.ts';
import { freePort } from '../support/free-port.ts';
import { inBrowser } from '../support/in-browser.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Visitor } from '../support/visitor.ts';

const notForYou = 'This is not for your role';
const source = resolve(import.meta.dirname, '../../../server/console/src/app/screens.ts');
const line = /\{ path: '(?<path>[^']+)'(?:, \.\.\.(?<roles>\w+))?, load/g;

/** Who may see what, said once more than where it is decided. */
const whose: Readonly<Record<string, readonly Role[]>> = {
  forReaders: ['admin', 'approver', 'auditor'],
  forKeepers: ['admin', 'auditor'],
  forAdmins: ['admin'],
  everybody: ['admin', 'approver', 'auditor', 'employee'],
  open: ['admin', 'approver', 'auditor', 'employee'],
};

// Read as text: the components behind it are nothing for Node.
const screens = [...readFileSync(source, 'utf8').matchAll(line)].map(({ groups = {} }) => ({
  path: groups['path'] ?? '',
  roles: whose[groups['roles'] ?? 'everybody'],
}));

/** Where a screen of one thing gets one from; the demo may have none, and then the screen has to say so. */
const samples: Readonly<Record<string, readonly [list: string, key: string, none: string]>> = {
  '/exceptions/$id': ['/v1/admin/exceptions', 'id', 'exc_0'],
  '/devices/$id': ['/v1/admin/devices', 'id', 'dev_0'],
  '/policies/$name': ['/v1/admin/policies', 'name', 'none'],
  '/policy-drafts/$id': ['/v1/admin/policy-drafts', 'id', 'pdr_0'],
  '/policy-replays/$id': ['/v1/admin/policy-replays', 'id', 'prp_0'],
  '/brakes/$id': ['/v1/admin/brakes', 'id', 'brk_0'],
  '/templates/$name': ['/v1/admin/templates', 'name', 'none'],
  '/template-proposals/$id': ['/v1/admin/templates/proposals', 'id', 'tpr_0'],
  '/people/$id': ['/v1/admin/users', 'id', 'usr_0'],
  '/audit/$seq': ['/v1/admin/audit', 'seq', '0'],
};

inBrowser('every screen', (visit) => {
  test('has something to say to whoever may see it, and says so to whoever may not', async (t) => {
    const folder = join(temporaryFolder(t, 'walk'), 'demo');
    const port = String(await freePort());
    const options = readOptions(['--folder', folder, '--devices', '10', '--days', '5', '--no-serve', '--port', port]);
    const receivers = await makeDemo(options, () => undefined);
    t.after(() => receivers.close());
    const server = await start(readConfig(demoEnvironment(options)));
    t.after(() => server.stop());
    const { issuer } = server.deps.config;
    assert.ok(screens.length > 30, 'the list of screens is read as it is written');

    const walkAs = async (role: string, link: string) => {
      const visitor = await visit(t, link);
      await visitor.heading(role === 'employee' ? 'My devices' : 'Overview');
      if (role === 'employee') await visitor.page.setViewportSize({ width: 360, height: 900 });
      for (const { path, roles } of screens) {
        const place = `${path} as ${role}`;
        assert.ok(roles, `whose ${path} is`);
        const may = roles.some((each) => each === role);
        await visitor.goOn(`${issuer}/console${await addressOf(visitor, path, role)}`);
        const said = await settled(visitor, place);
        assert.equal(said.heading === notForYou, !may, `${place} says: ${said.heading}`);
        assert.doesNotMatch(said.text, /\bundefined\b|\bNaN\b|\[object |Invalid Date|could not be loaded/, place);
        await visitor.fits(place);
        if (role === 'admin') await visitor.look(place, ['desk']);
        if (role === 'employee' && may) await visitor.look(place, ['phone']);
      }
    };
    await Promise.all((await demoLinks(server.deps)).map(({ role, link }) => walkAs(role, link)));
  });
});

async function addressOf({ page }: Visitor, path: string, role: string): Promise<string> {
  const sample = samples[path];
  if (sample === undefined) return path;
  const [list, key, none] = sample;
  const from = role === 'employee' && path === '/exceptions/$id' ? '/v1/me/exceptions' : list;
  const found = await page.evaluate(async (asked) => {
    const { items = [] } = (await (await fetch(asked)).json()) as { items?: Record<string, string | number>[] };
    return items[0] ?? {};
  }, from);
  return path.replace(/\$\w+/, String(found[key] ?? none.replace(/_0$/, `_${'0'.repeat(32)}`)));
}

/** What a screen says once it has its heading, and nothing is on its way any more. */
async function settled({ page }: Visitor, place: string): Promise<{ heading: string; text: string }> {
  const heading = page.getByRole('heading', { level: 1 });
  const waiting = page.locator('.mantine-Loader-root:visible');
  try {
    await heading.waitFor();
    await waiting.first().waitFor({ state: 'detached' });
  } catch (cause) {
    throw new Error(`${place} does not come to rest`, { cause });
  }
  return { heading: await heading.innerText(), text: await page.locator('body').innerText() };
}
