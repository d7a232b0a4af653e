import type { FakeDevice } from '@postern/server/attestation/testing/fake-device';
import { runJson } from '../support/command.ts';
import { type Figures, shoot, type Shot } from './load.ts';
import type { Target } from './target.ts';

interface Gateway {
  id: string;
  secret: string;
}

/** What a gateway asks for each request that it lets through, with one request in flight: how long that one waits. */
export interface Alone {
  introspect: Figures[];
  /** Undefined where the server has no such endpoint. */
  verify: Figures[] | undefined;
}

/** Requests before anything counts; each round; and how many rounds. */
interface Size {
  warmUp: number;
  perRound: number;
  rounds: number;
}

/** The address that the proofs at the gateway are made for. */
const visited = 'https://bench.example/reports';

export async function measureAlone(target: Target, size: Size): Promise<Alone> {
  const gateway = await addGateway(target);
  const has = await fetch(`${target.url}/verify/nginx`).then(({ status }) => status !== 404);
  const makers = { introspect: introspections, ...(has ? { verify: verifications } : {}) };
  const figures: Partial<Record<'introspect' | 'verify', Figures[]>> = {};
  for (const [name, make] of Object.entries(makers)) {
    await shoot(target.url, [await make(target, gateway, size.warmUp)]);
    const rounds: Figures[] = [];
    for (let round = 0; round < size.rounds; round += 1)
      rounds.push(await shoot(target.url, [await make(target, gateway, size.perRound)]));
    figures[name as 'introspect' | 'verify'] = rounds;
  }
  return { introspect: figures.introspect ?? [], verify: figures.verify };
}

async function addGateway({ env, url, resource }: Target): Promise<Gateway> {
  const { answer } = await runJson<{ token: string }>('postern-server', ['admin-token'], env);
  const made = await fetch(`${url}/v1/admin/gateways`, {
    method: 'POST',
    headers: { authorization: `Bearer ${answer.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Asking', resources: [resource] }),
  });
  if (made.status !== 201) throw new Error(await made.text());
  return (await made.json()) as Gateway;
}

async function introspections(target: Target, gateway: Gateway, count: number): Promise<Shot[]> {
  const tokens = await tokensOf(target);
  const basic = Buffer.from(`${gateway.id}:${gateway.secret}`).toString('base64');
  const shots = tokens.map(({ token }) => ({
    path: '/oauth/introspect',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }).toString(),
  }));
  for (const { path, headers, body } of shots.slice(0, 1)) {
    const answer = await fetch(`${target.url}${path}`, { method: 'POST', headers, body });
    const { active } = (await answer.json()) as { active: boolean };
    if (!active) throw new Error('a good token was found not to be active');
  }
  return Array.from({ length: count }, (_, index) => shots[index % shots.length]).filter((shot) => shot !== undefined);
}

/** Each with a proof of its own, as RFC 9449 wants it. */
async function verifications(target: Target, gateway: Gateway, count: number): Promise<Shot[]> {
  const tokens = await tokensOf(target);
  const nonce = await target.nonce();
  const shots: Shot[] = [];
  for (let index = 0; index < count; index += 1) {
    const { device, token } = tokens[index % tokens.length] ?? {};
    if (device === undefined || token === undefined) throw new Error('no token');
    const call = { method: 'GET', url: visited, nonce, now: Date.now(), accessToken: token };
    shots.push({
      method: 'GET',
      path: '/verify/nginx',
      headers: {
        'postern-gateway': `${gateway.id}:${gateway.secret}`,
        authorization: `DPoP ${token}`,
        dpop: await device.dpopProof(call),
        'x-original-method': 'GET',
        'x-original-url': `${visited}?page=${index}`,
      },
      body: '',
    });
  }
  return shots;
}

async function tokensOf(target: Target): Promise<{ device: FakeDevice; token: string }[]> {
  const lanes = await target.tokenShots(1);
  return await Promise.all(
    lanes.map(async ([shot], index) => {
      const device = target.devices[index];
      if (shot === undefined || device === undefined) throw new Error('no request for a token');
      const { path, headers, body } = shot;
      const answer = await fetch(`${target.url}${path}`, { method: 'POST', headers, body });
      return { device, token: ((await answer.json()) as { access_token: string }).access_token };
    }),
  );
}
