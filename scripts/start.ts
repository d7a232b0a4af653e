/**
 * What `npm start` does once packages are there: backend, first admin, this computer's agent, its verdict, a
 * token; then both stay up. All of it through the same doors that everybody uses.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { minute } from '@postern/shared/time';
import { createEnrollmentToken } from '../server/src/enrollment/index.ts';
import { demoResource, ensureDemoGateway } from '../server/src/gateways/index.ts';
import { createSignInLink } from '../server/src/identity/index.ts';
import { ConfigError, readConfig } from '../server/src/config-read.ts';
import { start } from '../server/src/start.ts';

const agentProgram = join(import.meta.dirname, '..', 'agent', 'bin', 'postern-agent.mjs');
const started = performance.now();

function configuration() {
  try {
    return readConfig({ POSTERN_LOG: 'warn', ...process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(`The configuration is wrong:\n${error.faults.map((fault) => `  ${fault}`).join('\n')}`);
    process.exit(1);
  }
}

const config = configuration();
const server = await start(config).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(
    `Port ${config.port} is in use. Is Postern running already? Otherwise choose another: POSTERN_PORT=7421 npm start`,
  );
  process.exit(1);
});
// Whoever reads along may stop reading (`npm start | head`): then it is over, and no error.
process.stdout.on('error', () => void stop(0));
const { deps } = server;
const running = new Set<ChildProcess>();
const system = { kind: 'system' as const, id: null };
const now = () => deps.clock.now();
await ensureDemoGateway(deps);
console.log(`Backend   ${deps.config.issuer}  (${deps.store.kind === 'sqlite' ? config.databaseUrl : 'PostgreSQL'})`);

const admin = await deps.store.read
  .selectFrom('users')
  .selectAll()
  .orderBy('created_at')
  .limit(1)
  .executeTakeFirstOrThrow();
if (server.firstAdminId !== undefined) {
  const { link } = await createSignInLink(deps, admin.id, system, now());
  console.log(`Sign in   ${link}\n          as the first admin; good once, for 30 minutes`);
} else {
  console.log('Sign in   npx postern-server sign-in-link   makes a one-time link for the first admin');
}

/** The agent's own settings, and none of the backend's: those hold its secrets. */
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('POSTERN_') || name.startsWith('POSTERN_AGENT_')),
  ),
  POSTERN_AGENT_DATA: process.env['POSTERN_AGENT_DATA'] ?? join(config.dataFolder, 'agent'),
};

/** The agent is its own program, as on every other device. Not synchronously: the backend that it talks to is this process. */
function startAgent(args: string[], input = ''): { child: ChildProcess; ended: Promise<number> } {
  // A small nursery, as the launcher gives it to the agent elsewhere: it allocates little at a time.
  const child = spawn(process.execPath, ['--max-semi-space-size=1', agentProgram, ...args], {
    env,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.on('error', () => undefined).end(input);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return { child, ended: new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1))) };
}
const agent = (args: string[], input?: string) => startAgent(args, input).ended;

async function stop(code: number): Promise<never> {
  for (const child of running) child.kill('SIGTERM');
  await server.stop();
  process.exit(code);
}

if (!existsSync(join(env.POSTERN_AGENT_DATA, 'state.json'))) {
  const wish = { ownerId: admin.id, lifeMs: 5 * minute, uses: 1, pending: false, ownership: 'unknown' as const };
  const { token } = await createEnrollmentToken(deps, wish, system, now());
  // The token goes in by standard input: arguments are seen by everybody on the machine.
  const code = await agent(['enroll', deps.config.issuer, '--token', '-', '--name', hostname()], token);
  if (code !== 0) await stop(1);
}

console.log('');
await agent(['attest']);
console.log(`\nAsking for a token for ${demoResource} …`);
const granted = (await agent(['token', '--resource', demoResource, '--quiet'])) === 0;
console.log(granted ? 'Granted. This computer gets in.' : 'Refused, for the reasons above.');
console.log(
  `\n${((performance.now() - started) / 1000).toFixed(1)} s from start to answer. Both stay up; changes are reported below. Stop with Ctrl-C.\n`,
);

const watching = startAgent(['run', '--quiet-start']);
let stopAskedAt: number | undefined;
/** One Ctrl-C arrives here from the terminal, from npm and from scripts/start.mjs; only a later one is impatience. */
const oneKeyPressMs = 1000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopAskedAt !== undefined) {
      if (performance.now() - stopAskedAt > oneKeyPressMs) process.exit(1);
      return;
    }
    stopAskedAt = performance.now();
    watching.child.kill('SIGTERM');
    void watching.ended.then(() => stop(0));
  });
}
void watching.ended.then((code) => {
  if (stopAskedAt === undefined) console.log(`The agent ended (exit ${code}). The backend stays up.`);
});
