import { Lane } from './lane.ts';

export interface Shot {
  method?: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Figures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  answered: number;
  /** How much of one core the load generator itself was busy: close to 1, its own limit would be measured. */
  generatorBusy: number;
}

/**
 * Sends each lane's shots one after the other, all lanes at once, over connections that are open before the clock starts.
 * Any answer but 200 ends it. The bytes are made beforehand too: what is timed is the server, not the generator.
 */
export async function shoot(url: string, lanes: readonly (readonly Shot[])[]): Promise<Figures> {
  const { hostname, port, host } = new URL(url);
  const loaded = await Promise.all(
    lanes.map(async (shots) => ({
      lane: await Lane.open(hostname, Number(port)),
      requests: shots.map((shot) => bytesOf(shot, host)),
    })),
  );
  const times: number[] = [];
  try {
    const busy = performance.eventLoopUtilization();
    const started = performance.now();
    await Promise.all(
      loaded.map(async ({ lane, requests }) => {
        for (const request of requests) times.push(await lane.send(request));
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    const { utilization } = performance.eventLoopUtilization(busy);
    times.sort((left, right) => left - right);
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
    return {
      perSecond: times.length / seconds,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      answered: times.length,
      generatorBusy: utilization,
    };
  } finally {
    for (const { lane } of loaded) lane.close();
  }
}

function bytesOf({ method = 'POST', path, headers, body }: Shot, host: string): Buffer {
  const all = { host, ...headers, ...(method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
