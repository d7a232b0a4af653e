/** What `npm run demo` does once packages are there. */
import { ConfigError, readConfig } from '../../server/src/config-read.ts';
import { start } from '../../server/src/start.ts';
import { demoLinks } from './links.ts';
import { makeDemo } from './make.ts';
import { DemoExists, findDemo } from './marker.ts';
import { type DemoOptions, readOptions, usage } from './options.ts';
import { DemoReceivers } from './receivers.ts';
import { demoEnvironment } from './stage.ts';

const began = performance.now();

function options(): DemoOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}

function progress(done: number): void {
  if (!process.stdout.isTTY) return;
  process.stdout.write(`\r${Math.round(done * 100)} % of the story is told`);
}

async function serve(wish: DemoOptions): Promise<void> {
  const server = await start(readConfig(demoEnvironment(wish)));
  console.log(
    '\nDEMO: made-up people and devices, on this machine only. Sign in as (each link is good once, for 30 minutes):',
  );
  for (const { role, link, name } of await demoLinks(server.deps)) console.log(`${role.padEnd(9)} ${link}   (${name})`);
  console.log('\nStop with Ctrl-C.');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
}

async function make(): Promise<void> {
  console.log(`A company with ${wish.devices} devices and ${wish.days} days, seed ${wish.seed}, in ${wish.folder} …`);
  const receivers = await makeDemo(wish, progress);
  console.log(
    `${process.stdout.isTTY ? '\r' : ''}Made in ${((performance.now() - began) / 1000).toFixed(1)} s.         `,
  );
  if (wish.serve) await serve(wish);
  else receivers.close();
}

const wish = options();
try {
  const made = wish.fresh || !wish.serve ? undefined : findDemo(wish);
  if (made !== undefined) {
    console.log(
      `This is the demo in ${wish.folder}, made ${made.madeAt}; its devices have not reported since.\nFor one that is of now: npm run demo -- --fresh`,
    );
    await DemoReceivers.listen(made.receiverPorts);
    await serve(wish);
  } else await make();
} catch (error) {
  if (error instanceof DemoExists || error instanceof ConfigError) {
    console.error(error.message);
    process.exit(1);
  }
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  console.error(`Port ${wish.port} is in use. Choose another: npm run demo -- --port 7421`);
  process.exit(1);
}
