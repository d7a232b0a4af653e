import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, runJson } from './command.ts';
import { freePort } from './free-port.ts';
import { LoadDevice } from './load-device.ts';

/** Limits are for floods; here the flood is what is wanted. */
const unlimited = [
  'ENROLLMENT',
  'ATTESTATION',
  'TOKEN',
  'DEVICE',
  'CONSOLE',
  'CHALLENGE',
  'DISCOVERY',
  'ATTESTATIONS_PER_DEVICE',
].map((name) => [`POSTERN_LIMIT_${name}`, '100000000'] as const);

/** The environment of a server process that is to be loaded, on a port of its own. */
export async function loadEnvironment(dataFolder: string, databaseUrl?: string): Promise<Record<string, string>> {
  return {
    POSTERN_DATA: dataFolder,
    POSTERN_PORT: String(await freePort()),
    POSTERN_LOG: 'error',
    ...(databaseUrl === undefined ? {} : { POSTERN_DATABASE_URL: databaseUrl }),
    ...Object.fromEntries(unlimited),
  };
}

/** Publishes a policy, protects a resource, and enrolls devices with the server that runs in that environment. */
export async function enrollDevices(
  env: Record<string, string>,
  wish: { resource: string; policy: string; count: number },
): Promise<LoadDevice[]> {
  const url = `http://127.0.0.1:${env['POSTERN_PORT'] ?? ''}`;
  const admin = await runJson<{ token: string }>('postern-server', ['admin-token'], env);
  const gateway = await fetch(`${url}/v1/admin/gateways`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin.answer.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Loaded', resources: [wish.resource] }),
  });
  if (gateway.status !== 201) throw new Error(await gateway.text());
  const file = join(env['POSTERN_DATA'] ?? '', 'policy.yaml');
  writeFileSync(file, wish.policy);
  const published = await runCommand('postern-server', ['policy', 'publish', file], env);
  if (published.code !== 0) throw new Error(published.stdout + published.stderr);
  const uses = ['enrollment-token', '--uses', String(wish.count)];
  const { answer } = await runJson<{ token: string }>('postern-server', uses, env);
  return await Promise.all(Array.from({ length: wish.count }, () => LoadDevice.enroll(url, answer.token)));
}
