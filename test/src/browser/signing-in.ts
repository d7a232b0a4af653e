import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpDevice } from '../support/http-device.ts';
import { app, ConsoleScene, type Visit } from './scene.ts';

/** Somebody answers the code that a device of theirs shows. */
export function signingIn(visit: Visit): void {
  async function codeOf(scene: ConsoleScene, device: HttpDevice): Promise<string> {
    const form = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await device.assertion(),
      resource: app,
    };
    const url = `${scene.backend.url}/oauth/device_authorization`;
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    assert.equal(answer.status, 200);
    return String(((await answer.json()) as Record<string, unknown>)['user_code']);
  }

  test('the page says on which device and for what somebody would be signed in, and only its owner may', async (t) => {
    const scene = await ConsoleScene.open(t);
    const [erin, eve] = [
      await scene.person('Erin', 'erin@example.org', ['employee']),
      await scene.person('Eve', 'eve@example.org', ['admin']),
    ];
    const device = await scene.device(erin.id);
    const code = await codeOf(scene, device);
    const open = async (link: string) => {
      const visitor = await visit(t, link);
      const section = visitor.section('Connect a device');
      await section.waitFor();
      await visitor.page.goto(`${new URL(link).origin}/console/device?user_code=${code}`);
      await section.getByRole('button', { name: 'Look it up' }).click();
      return { visitor, section };
    };
    const stranger = await open(eve.link);
    await stranger.visitor.told('That code is shown by a device of somebody else.');
    assert.equal(await stranger.section.getByRole('button', { name: 'Yes' }).count(), 0);

    const { visitor, section } = await open(erin.link);
    await section.getByText(`Sign in on Test computer for ${app}?`).waitFor();
    await visitor.look('sign-in-on-device');
    await section.getByRole('button', { name: 'Yes, I am at it' }).click();
    await visitor.told('Signed in. The device goes on by itself.');
    assert.deepEqual([...visitor.faults, ...stranger.visitor.faults], []);
  });
}
