import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayPlace } from './gateway-place.ts';

/** Everything that Postern can say of who asks, all at once. */
export const everything = {
  'x-auth-request-user': 'usr_erin',
  'x-auth-request-email': 'erin@example.org',
  'x-auth-request-groups': 'staff,on-call',
  'x-auth-request-device': 'dev_laptop',
  'x-auth-request-owner': 'usr_erin',
  'x-auth-request-roles': 'operator',
  'x-posture-status': 'grace',
  'x-posture-reason': 'Disk encryption: fix it by 2026-11-22T09:00:00Z (and 1 more)',
};

/** The same, as claims of a token. */
export const everythingClaimed = {
  sub: 'usr_erin',
  act: { sub: 'dev_laptop' },
  device_id: 'dev_laptop',
  owner: 'usr_erin',
  roles: ['operator'],
  posture: { status: 'grace', at: 1_795_259_516, att: 1 },
};

/** Stands in for a Postern that lets everything through and has something to say under every name. */
export async function startTellingPostern(
  t: { after(clean: () => void): void },
  { backend }: GatewayPlace,
  claims: Record<string, unknown>,
): Promise<GatewayPlace['way']> {
  const keys = backend.server.deps.signingKeys.jwks();
  const server = createServer((incoming, answer) => {
    const path = incoming.url ?? '';
    if (path.startsWith('/verify/')) answer.writeHead(200, { ...everything, 'dpop-nonce': 'next' }).end();
    else
      answer
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(path.startsWith('/oauth/') ? { ...claims, active: true } : keys));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const never = () => Promise.reject(new Error('it is always there'));
  return { port: (server.address() as AddressInfo).port, block: () => undefined, cut: never, restore: never };
}
