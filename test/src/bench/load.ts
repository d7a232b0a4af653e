import { Agent, request } from 'node:http';

export interface Shot {
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Figures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  answered: number;
}

/** Sends each lane's shots one after the other, all lanes at once, over connections that stay open. Any answer but 200 ends it. */
export async function shoot(url: string, lanes: readonly (readonly Shot[])[]): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes.length });
  const { hostname, port } = new URL(url);
  const times: number[] = [];
  const send = (shot: Shot) =>
    new Promise<void>((resolve, reject) => {
      const started = performance.now();
      const sent = request(
        { agent, hostname, port, path: shot.path, method: 'POST', headers: shot.headers },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => (text += part));
          answer.on('end', () => {
            times.push(performance.now() - started);
            if (answer.statusCode === 200) resolve();
            else reject(new Error(`${shot.path}: ${answer.statusCode ?? 0} ${text.slice(0, 300)}`));
          });
        },
      );
      sent.on('error', reject).end(shot.body);
    });
  const started = performance.now();
  await Promise.all(
    lanes.map(async (lane) => {
      for (const shot of lane) await send(shot);
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  times.sort((left, right) => left - right);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: times.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99), answered: times.length };
}
