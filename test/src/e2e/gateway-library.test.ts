import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import * as oauth from 'oauth4webapi';
import { createGateway, type Gateway, type GatewayOptions, type Problem } from '@postern/shared/gateway';
import { minute, second } from '@postern/shared/time';
import { type Application, type Framework, frameworks, startApplication } from '../support/applications.ts';
import { publicKeyTexts, resigned } from '../support/forged-jws.ts';
import type { HttpDevice } from '../support/http-device.ts';
import { type RawAnswer, sendRaw } from '../support/raw-http.ts';
import { attested, openScene, resource, type Scene, suiteScope } from '../support/scene.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const modes = ['local', 'introspection', 'decision'] as const;

interface Call {
  path?: string;
  method?: string;
  headers: [name: string, value: string][];
}

/** Asks an application as a device does: token, and a proof for exactly this request unless another one is given. */
class Caller {
  readonly application: Application;
  readonly device: HttpDevice;

  constructor(application: Application, device: HttpDevice) {
    this.application = application;
    this.device = device;
  }

  async proof(token: string, forgery: Parameters<HttpDevice['fake']['dpopProof']>[0] | object = {}): Promise<string> {
    const { fake, place } = this.device;
    const call = {
      method: 'GET',
      url: `${this.application.url}/things`,
      nonce: await this.device.nonce(),
      now: place.clock.now(),
    };
    return fake.dpopProof({ ...call, accessToken: token, ...forgery });
  }

  send({ path = '/things?page=2', method = 'GET', headers }: Call): Promise<RawAnswer> {
    return sendRaw(this.application.url, { method, path, headers });
  }

  async ask(token: string, proof?: string, path?: string): Promise<RawAnswer> {
    const dpop = proof ?? (await this.proof(token));
    return this.send({
      ...(path === undefined ? {} : { path }),
      headers: [
        ['Authorization', `DPoP ${token}`],
        ['DPoP', dpop],
      ],
    });
  }
}

/** In front of an application: where the backend is reached can be cut. */
interface Front {
  gateway: Gateway;
  caller: Caller;
  way: TcpProxy;
  problems: Problem[];
  /** Paths of the backend that the library asked. */
  asked: string[];
}

describe('the gateway library', () => {
  const scope = suiteScope();
  let scene: Scene;
  let device: HttpDevice;

  before(async () => {
    scene = await openScene(scope);
    device = await attested(scene.backend, scene.admin);
  });
  after(() => scope.clean());

  async function openFront(
    t: Parameters<typeof startApplication>[0],
    framework: Framework,
    options: Partial<GatewayOptions> & Pick<GatewayOptions, 'mode'>,
    as: HttpDevice = device,
    at: Scene = scene,
  ): Promise<Front> {
    const { body } = await at.admin.post('/v1/admin/gateways', { name: 'App', resources: [resource] });
    const way = await startTcpProxy(t, Number(new URL(at.backend.url).port));
    const backendUrl = `http://127.0.0.1:${way.port}`;
    const [problems, asked]: [Problem[], string[]] = [[], []];
    // The address of the application is known only once it listens.
    let publicUrl = '';
    let made: Gateway | undefined;
    const open = () =>
      (made ??= createGateway({
        issuer: at.backend.url,
        backendUrl,
        audience: resource,
        publicUrl,
        credentials: { id: String(body['id']), secret: String(body['secret']) },
        clock: at.backend.clock,
        onProblem: (problem) => void problems.push(problem),
        fetch: (input, init) => {
          asked.push(new Request(input).url.slice(backendUrl.length));
          return fetch(input, init);
        },
        ...options,
      }));
    const gateway: Gateway = {
      verify: (...given) => open().verify(...given),
      require: (...given) => open().require(...given),
      signals: () => open().signals(),
      close: async () => made?.close(),
    };
    t.after(() => gateway.close());
    const application = await startApplication(t, framework, gateway);
    publicUrl = application.url;
    open();
    return { gateway, caller: new Caller(application, as), way, problems, asked };
  }

  for (const framework of frameworks) {
    for (const mode of modes) {
      describe(`for ${framework}, in mode ${mode}`, () => {
        const own = suiteScope();
        let front: Front;
        let token: string;

        before(async () => {
          front = await openFront(own, framework, { mode });
          token = await device.accessToken();
        });
        after(() => own.clean());

        async function assertDenied(answer: RawAnswer, status = 401): Promise<void> {
          const reached = front.caller.application.reached.splice(0);
          assert.deepEqual([answer.status, reached], [status, []], answer.text);
          assert.match(String(answer.headers['www-authenticate']), /^DPoP .*algs="ES256"$/);
        }

        it('lets in a good token with a proof, with any method', async () => {
          const answer = await front.caller.ask(token);
          assert.equal(answer.status, 200, answer.text);
          assert.equal((JSON.parse(answer.text) as Record<string, unknown>)['device'], device.fake.id);
          const proof = await front.caller.proof(token, { method: 'DELETE' });
          const headers: Call['headers'] = [
            ['Authorization', `DPoP ${token}`],
            ['DPoP', proof],
          ];
          assert.equal((await front.caller.send({ method: 'DELETE', headers })).status, 200);
          assert.equal(front.caller.application.reached.splice(0).length, 2);
        });

        it('refuses forged tokens', async () => {
          const stranger = (await generateKeyPair('ES256', { extractable: true })).privateKey;
          const jwks = (await (await fetch(`${scene.backend.url}/.well-known/jwks.json`)).json()) as {
            keys: oauth.JWK[];
          };
          const published = jwks.keys.find(({ kty }) => kty === 'EC');
          const texts = await publicKeyTexts(published as never);
          const forged = await Promise.all([
            resigned(token, { key: stranger }),
            resigned(token, { key: stranger }, { header: { jwk: await exportJWK(stranger) } }),
            resigned(token, { none: true }),
            ...texts.map((secret) => resigned(token, { secret })),
            resigned(token, { key: stranger }, { claims: { exp: undefined } }),
          ]);
          for (const each of [...forged, `${token}=`, `${token.slice(0, -1)}!`, 'x'.repeat(10_000)])
            await assertDenied(await front.caller.ask(each));
        });

        it('refuses a token for another resource', async () => {
          await scene.admin.post('/v1/admin/gateways', { name: 'Other', resources: ['https://other.example'] });
          await assertDenied(await front.caller.ask(await device.accessToken('https://other.example')));
        });

        it('refuses a token without its scheme, without a token, or with two', async () => {
          const proof = await front.caller.proof(token);
          for (const headers of [
            [['Authorization', `Bearer ${token}`]],
            [
              ['Authorization', `Bearer ${token}`],
              ['DPoP', proof],
            ],
            [['DPoP', proof]],
            [],
            [
              ['Authorization', `DPoP ${token}`],
              ['Authorization', `DPoP ${token}`],
              ['DPoP', proof],
            ],
          ] as Call['headers'][])
            await assertDenied(await front.caller.send({ headers }));
        });

        it('refuses a proof for anything else', async () => {
          const { application } = front.caller;
          const stranger = (await generateKeyPair('ES256')).privateKey;
          const forgeries = [
            { url: `${application.url}/other` },
            { url: 'https://evil.example/things' },
            { method: 'POST' },
            { accessToken: undefined },
            { accessToken: `${token}x` },
            { key: stranger },
            { claims: { iat: Math.floor(scene.backend.clock.now() / second) - 600 } },
            { header: { typ: 'JWT' } },
          ];
          for (const forgery of forgeries) {
            const proof = await front.caller.proof(token, forgery);
            await assertDenied(await front.caller.ask(token, proof));
          }
          await assertDenied(await front.caller.send({ headers: [['Authorization', `DPoP ${token}`]] }));
        });

        it('refuses a proof of another device, and one that was used', async () => {
          const other = await attested(scene.backend, scene.admin);
          await assertDenied(
            await front.caller.ask(token, await new Caller(front.caller.application, other).proof(token)),
          );
          const proof = await front.caller.proof(token);
          assert.equal((await front.caller.ask(token, proof)).status, 200);
          front.caller.application.reached.splice(0);
          await assertDenied(await front.caller.ask(token, proof));
        });

        it('takes no address from the Host header', async () => {
          const proof = await front.caller.proof(token, { url: 'http://evil.example/things' });
          const headers: Call['headers'] = [
            ['Authorization', `DPoP ${token}`],
            ['DPoP', proof],
            ['X-Forwarded-Host', 'evil.example'],
          ];
          const { url } = front.caller.application;
          await assertDenied(await sendRaw(url, { method: 'GET', path: '/things', headers, host: 'evil.example' }));
        });

        it('holds a route to its own demands, with one proof', async () => {
          const proof = await front.caller.proof(token, { url: `${front.caller.application.url}/admin` });
          const answer = await front.caller.ask(token, proof, '/admin');
          await assertDenied(answer, 403);
          assert.match(String(answer.headers['www-authenticate']), /insufficient_scope/);
        });

        it('lets nobody in while the backend is away, unless it holds the keys', async (t) => {
          const cut = await openFront(t, framework, { mode });
          if (mode === 'local') assert.equal((await cut.caller.ask(token)).status, 200);
          const proof = await cut.caller.proof(token);
          await cut.way.cut();
          const answer = await cut.caller.ask(token, proof);
          assert.equal(answer.status, mode === 'local' ? 200 : 503, answer.text);
          assert.equal(cut.caller.application.reached.length, mode === 'local' ? 2 : 0);
          if (mode !== 'local') assert.equal(cut.problems[0]?.code, 'backend_unavailable');

          const never = await openFront(t, framework, { mode, backendUrl: 'http://127.0.0.1:1' });
          assert.equal((await never.caller.ask(token)).status, 503);
        });
      });
    }
  }

  it('is one that openid-client can talk to, in each framework', async (t) => {
    const keys = await generateKeyPair('ES256', { extractable: true });
    const known = await attested(scene.backend, scene.admin, keys);
    const authentication = client.PrivateKeyJwt({ key: keys.privateKey, kid: known.fake.jkt });
    const config = await client.discovery(new URL(scene.backend.url), known.fake.id, undefined, authentication, {
      execute: [client.allowInsecureRequests],
      algorithm: 'oauth2',
    });
    const DPoP = client.getDPoPHandle(config, keys);
    const { access_token } = await client.clientCredentialsGrant(config, { resource }, { DPoP });
    for (const framework of frameworks) {
      for (const mode of modes) {
        const { caller } = await openFront(t, framework, { mode }, known);
        const url = new URL(`${caller.application.url}/things?page=2`);
        const answer = await client.fetchProtectedResource(config, access_token, url, 'GET', undefined, undefined, {
          DPoP,
        });
        assert.equal(answer.status, 200, `${framework} ${mode}`);
      }
    }
  });

  it('says in mode decision who asks, in the words of the backend', async (t) => {
    const { caller } = await openFront(t, 'express', { mode: 'decision' });
    const { identity } = JSON.parse((await caller.ask(await device.accessToken())).text) as {
      identity: Record<string, string>;
    };
    assert.equal(identity['x-auth-request-device'], device.fake.id);
    assert.equal(identity['x-posture-status'], 'compliant');
    assert.equal(identity['x-auth-request-user'], '');
  });

  it('refuses a token that has expired, in each mode', async (t) => {
    for (const mode of modes) {
      const { caller } = await openFront(t, 'fastify', { mode });
      const token = await device.accessToken();
      assert.equal((await caller.ask(token)).status, 200);
      scene.backend.clock.advance(6 * minute);
      assert.equal((await caller.ask(token)).status, 401, mode);
      assert.equal((await caller.ask(await device.accessToken())).status, 200);
    }
  });

  const ends: [string, (end: { scene: Scene; of: HttpDevice; token: string }) => Promise<unknown>][] = [
    [
      'the device is suspended',
      ({ scene, of }) => scene.admin.post(`/v1/admin/devices/${of.fake.id}/suspend`, { reason: 'Lost' }),
    ],
    ['the device fails an attestation', ({ of }) => of.attest({}, of.firewallOff())],
    [
      'the token is revoked',
      async ({ scene, token }) => {
        const gateway = await scene.backend.gateway(scene.admin, resource);
        assert.equal(await gateway.revoke(token), 200);
      },
    ],
  ];
  // A suspended machine puts every other one with its hardware into quarantine, so that each has a backend of its own.
  for (const [what, end] of ends) {
    it(`asks the backend each time, and refuses at once when ${what}`, async (t) => {
      for (const mode of ['introspection', 'decision'] as const) {
        const scene = await openScene(t);
        const of = await attested(scene.backend, scene.admin);
        const { caller } = await openFront(t, 'hono', { mode }, of, scene);
        const token = await of.accessToken();
        assert.equal((await caller.ask(token)).status, 200);
        await end({ scene, of, token });
        const { status } = await caller.ask(token);
        assert.ok(status === 401 || status === 403, `${mode}: ${status}`);
      }
    });

    it(`hears by signals within a second when ${what}, without asking about the token`, async (t) => {
      const scene = await openScene(t);
      const of = await attested(scene.backend, scene.admin);
      const signalled = { mode: 'local', signals: true } as const;
      const { gateway, caller, asked, problems } = await openFront(t, 'express', signalled, of, scene);
      await heard(gateway);
      // Tokens are newer than the hearing by more than clocks may differ.
      scene.backend.clock.advance(7 * second);
      const token = await of.accessToken();
      assert.equal((await caller.ask(token)).status, 200);

      const proofs = await Promise.all(Array.from({ length: 200 }, () => caller.proof(token)));
      await end({ scene, of, token });
      const endedAt = performance.now();
      let status = 200;
      for (const proof of proofs) {
        ({ status } = await caller.ask(token, proof));
        if (status !== 200 || performance.now() - endedAt > 2 * second) break;
        await new Promise((done) => setTimeout(done, 5));
      }
      const seenAfter = performance.now() - endedAt;
      assert.equal(status, 401, JSON.stringify(problems));
      assert.ok(seenAfter < second, `seen after ${Math.round(seenAfter)} ms`);
      assert.deepEqual(problems, []);
      assert.ok(!asked.includes('/oauth/introspect'));
    });
  }

  it('asks about tokens from before it started, so that a restart forgets no end', async (t) => {
    const token = await device.accessToken();
    const revoker = await scene.backend.gateway(scene.admin, resource);
    assert.equal(await revoker.revoke(token), 200);
    const { gateway, caller, asked } = await openFront(t, 'express', { mode: 'local', signals: true });
    await heard(gateway);
    assert.equal((await caller.ask(token)).status, 401);
    assert.equal(asked.filter((path) => path === '/oauth/introspect').length, 1);
  });
});

/** Until signals are heard; before that every token is asked about. */
async function heard(gateway: Gateway): Promise<void> {
  while (typeof gateway.signals()?.heardSince !== 'number') await new Promise((done) => setTimeout(done, 5));
}
