import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { insert } from '@postern/server/storage/change';
import { day } from '@postern/shared/time';
import { inBrowser, type Visit } from '../support/in-browser.ts';
import type { Visitor } from '../support/visitor.ts';
import { ConsoleScene } from './scene.ts';

const hostile = '<img src=x onerror=alert(1)>';

inBrowser('the record', (visit: Visit) => {
  async function at(
    t: TestContext,
    scene: ConsoleScene,
    link: string,
    path: string,
    heading: string,
  ): Promise<Visitor> {
    const visitor = await visit.signedIn(t, link, scene.screen(path));
    await visitor.heading(heading);
    await visitor.page.locator('[data-live=live]').waitFor({ state: 'attached' });
    return visitor;
  }

  test('what happens shows in the audit by itself, is found by filters that a link keeps, and proves itself', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    const ada = await at(t, scene, link, '/audit', 'Audit');
    const list = ada.page.getByRole('table', { name: 'Audit entries' });
    await list.waitFor();
    assert.equal(await list.getByText(hostile).count(), 0);
    const { id } = await scene.person(hostile, 'mallory@example.org', ['employee']);
    await list
      .getByRole('row', { name: /Person added/ })
      .getByText(hostile)
      .waitFor();
    await ada.look('audit');

    await ada.page.getByLabel('Id of anything').fill(id);
    await list.getByRole('row', { name: /Policy published/ }).waitFor({ state: 'detached' });
    await ada.page.getByRole('combobox', { name: 'What happened' }).click();
    await ada.page.getByRole('option', { name: 'Person added' }).click();
    await list.getByRole('row', { name: /Sign-in link made/ }).waitFor({ state: 'detached' });
    assert.match(ada.page.url(), new RegExp(`type=user.created.*about=${id}|about=${id}.*type=user.created`));
    const rows = await list.getByRole('row').count();
    await ada.page.reload();
    await list.getByRole('row', { name: /Person added/ }).waitFor();
    assert.equal(await list.getByRole('row').count(), rows, 'the address is the whole question');
    await ada.goto(scene.screen(`/audit?about=${id}&outcome=failure`), 'Audit');
    await ada.page.getByRole('heading', { name: 'No entry is like that' }).waitFor();
    await ada.page.getByRole('button', { name: 'Clear filters', exact: true }).click();
    await list
      .getByRole('row', { name: /Policy published/ })
      .first()
      .waitFor();

    await scene.backend.server.jobs.run('sign the audit');
    await ada.goto(scene.screen(`/audit?about=${id}&type=user.created`), 'Audit');
    await list.getByRole('link', { name: 'Person added' }).click();
    await ada.heading(/^Entry \d+$/);
    const proof = ada.section('Proof');
    await proof.getByText('Not signed yet').or(proof.getByText('Verified in your browser')).first().waitFor();
    // Checkpoints are signed some time after what they cover.
    scene.backend.clock.advance(5 * 60_000);
    await scene.backend.server.jobs.run('sign the audit');
    await proof.getByText('Verified in your browser').waitFor();
    for (const step of ['shown', 'leaf', 'path', 'signature'])
      assert.equal(await proof.locator(`[data-step=${step}]`).getAttribute('data-outcome'), 'holds', step);
    await proof.getByText('The key came from the same server as the entry.').waitFor();
    await ada.look('audit-entry');
  });

  test('a proof that was tampered with on its way is not believed, and the page says so in words', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    scene.backend.clock.advance(5 * 60_000);
    await scene.backend.server.jobs.run('sign the audit');
    const ada = await at(t, scene, link, '/audit', 'Audit');
    const proof = ada.section('Proof');
    const outcomeOf = (step: string) => proof.locator(`[data-step=${step}]`).getAttribute('data-outcome');
    const lies: [string, string, (answer: Record<string, unknown>) => void, string][] = [
      [
        'one byte of the entry',
        '**/v1/admin/audit/3/proof',
        (answer) => void (answer['entry'] = String(answer['entry']).replace('"success"', '"succesz"')),
        'shown',
      ],
      [
        'one hash of the path',
        '**/v1/admin/audit/3/proof',
        (answer) => {
          const [first = '', ...rest] = answer['proof'] as string[];
          answer['proof'] = [first.startsWith('A') ? `B${first.slice(1)}` : `A${first.slice(1)}`, ...rest];
        },
        'path',
      ],
      [
        'who did it, on the page only',
        '**/v1/admin/audit/3',
        (answer) => void (answer['actor'] = { kind: 'person', id: 'usr_00000000000000000000000000000000' }),
        'shown',
      ],
      [
        'the key',
        '**/v1/audit/key',
        (answer) => void (answer['key'] = String(answer['key']).replace(/.{3}$/, 'AAA')),
        'signature',
      ],
    ];
    for (const [what, pattern, lie, step] of lies) {
      await ada.page.route(pattern, async (route) => {
        const answer = (await (await route.fetch()).json()) as Record<string, unknown>;
        lie(answer);
        await route.fulfill({ json: answer });
      });
      await ada.goto(scene.screen('/audit/3'), 'Entry 3');
      await proof.getByRole('alert').getByText('NOT verified').waitFor();
      await proof.getByText('does not prove this entry').waitFor();
      assert.equal(await outcomeOf(step), 'fails', what);
      await ada.page.unroute(pattern);
    }
    await ada.look('audit-not-verified');
    await ada.goto(scene.screen('/audit/3'), 'Entry 3');
    await proof.getByText('Verified in your browser').waitFor();
  });

  test('the record is exported with its filters, and it says how far it is', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Ada', 'ada@example.org', ['auditor']);
    const ada = await at(t, scene, link, '/audit?group=policies', 'Audit');
    await ada.page
      .getByRole('row', { name: /Policy published/ })
      .first()
      .waitFor();
    await ada.page.getByRole('button', { name: 'Export …' }).click();
    const dialog = ada.page.getByRole('dialog', { name: 'Export the audit' });
    await dialog.getByText('Filters are on').waitFor();
    await dialog.getByLabel('Format').selectOption('csv');
    const downloading = ada.page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    const file = await downloading;
    assert.match(file.suggestedFilename(), /^postern-audit-[\d-]+\.csv$/);
    await ada.told('Saved: postern-audit-');
    const stream = await file.createReadStream();
    const lines = (await stream.toArray()).join('').trim().split(/\r?\n/);
    assert.ok(
      lines.length > 2 && lines.slice(1).every((line) => /policy\.|template\.|resource\.|brake\.|feed\./.test(line)),
    );
  });

  test('the overview says what needs somebody, counts the fleet, and changes while one looks at it', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { store } = scene.backend.server.deps;
    const today = Math.floor(scene.backend.clock.now() / day);
    const days = Array.from({ length: 30 }, (_, index) => ({
      day: today - 30 + index,
      compliant: 10 + index,
      blocked: 30 - index,
    }));
    await store.commit({
      changes: days.flatMap(({ day: number, compliant, blocked }) => [
        insert('fleet_days', { day: number, posture: 'compliant', devices: compliant }),
        insert('fleet_days', { day: number, posture: 'non-compliant', devices: blocked }),
      ]),
      audit: [],
    });
    const { link } = await scene.person('Ada', 'ada@example.org', ['admin']);
    const erin = await scene.person('Erin', 'erin@example.org', ['employee']);
    const ada = await at(t, scene, link, '/overview', 'Overview');
    await ada.section('Needs you').getByText('Nothing needs you').waitFor();
    await ada.section('The fleet now').getByText('No devices yet').waitFor();
    await ada.look('overview-calm');

    const device = await scene.device(erin.id);
    const asked = await scene.asked(device, 'I need it at a customer');
    const requests = ada.section('Needs you').getByText('1 request for a decision');
    await requests.waitFor();
    await ada
      .section('The fleet now')
      .locator('[data-part=non-compliant] [data-count]')
      .getByText('1', { exact: true })
      .waitFor();
    const { status } = await scene.admin.post(`/v1/admin/exceptions/${String(asked['id'])}/deny`, { reason: 'No.' });
    assert.equal(status, 200);
    await requests.waitFor({ state: 'detached' });

    const trend = ada.section('The last 60 days');
    await trend
      .getByRole('img', { name: /Chart of 30 days: fine went from 10 to 39, blocked went from 30 to 1/ })
      .waitFor();
    await trend.locator('svg.recharts-surface').first().waitFor();
    await ada.look('overview');
    await trend.getByText('Show as a table').click();
    const row = trend.getByRole('table', { name: 'The last 60 days' }).getByRole('row').nth(1);
    await row.getByRole('cell', { name: '39' }).waitFor();
    await ada.section('The fleet now').getByRole('link', { name: 'Blocked' }).click();
    await ada.heading('Devices');
    assert.match(ada.page.url(), /status=non-compliant/);
  });

  test('reports say how they count, draw what is largest with its numbers, and keep the period in the address', async (t) => {
    const scene = await ConsoleScene.open(t);
    const { link } = await scene.person('Ada', 'ada@example.org', ['auditor']);
    for (const name of ['Erin', hostile]) {
      const { id } = await scene.person(name, `${name.length}@example.org`, ['employee']);
      const device = await scene.device(id);
      for (let count = 0; count < (name === 'Erin' ? 4 : 2); count += 1) {
        const asked = await scene.asked(device, `Because of customer ${count}`);
        await scene.admin.post(`/v1/admin/exceptions/${String(asked['id'])}/deny`, { reason: 'No.' });
      }
    }
    await scene.backend.server.jobs.run('watch for abuse');
    const ada = await at(t, scene, link, '/analytics', 'Analytics');
    const flags = ada.page.getByRole('table', { name: 'Open flags' });
    await flags.getByText('asked 4 times').waitFor();
    await ada.look('analytics');
    await ada.page.getByLabel('Period').selectOption('90');
    await ada.page.getByRole('link', { name: 'People who ask for the same again and again' }).click();
    const report = ada.section('People who ask for the same again and again');
    await report.getByText('A row is flagged when: 3 requests or more').waitFor();
    assert.match(ada.page.url(), /days=90/);
    const largest = ada.section('The largest');
    await largest.getByRole('img', { name: /Bar chart of .*: the first of 2 rows is Erin .* with 4/ }).waitFor();
    await largest.locator('svg.recharts-surface').first().waitFor();
    await largest.getByText('Show as a table').click();
    await largest.getByRole('table', { name: 'The largest' }).getByText(hostile).waitFor();
    await ada.section('All rows').getByRole('link', { name: hostile }).first().waitFor();
    await ada.look('analytics-report');
  });
});
