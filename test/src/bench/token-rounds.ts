import { type Figures, shoot } from './load.ts';
import type { LimitProcess } from './limit-process.ts';
import type { RawLimit } from './raw-limit.ts';
import { provesWork } from './same-work.ts';
import type { TokenServer } from './token-server.ts';
import { type Method, signaturesOf } from './token-shots.ts';

export type Contestant = 'postern' | 'durable' | 'memory';

export type Measured = Figures & { cpuMicros: number };

export interface TokenRound {
  limit: RawLimit;
  measured: Readonly<Partial<Record<Contestant, Measured>>>;
}

export interface TokenRounds {
  method: Method;
  rounds: TokenRound[];
  tokenBytes: Readonly<Partial<Record<Contestant, number>>>;
}

export interface Size {
  rounds: number;
  /** Requests before anything counts, for each server and method: the compiler works beside the first ten thousand. */
  warmUp: number;
  /** Requests of one round. A fast server gets more, so that its round is not over before it began. */
  perRound: Readonly<Record<Contestant | 'attestations' | 'alone', number>>;
  limitMs: number;
}

/** Measures one lane's worth of shots, and what they cost the server. */
export async function measure(server: TokenServer, shots: Parameters<typeof shoot>[1]): Promise<Measured> {
  const before = await server.cpuSeconds();
  const figures = await shoot(server.url, shots);
  return { ...figures, cpuMicros: (((await server.cpuSeconds()) - before) / figures.answered) * 1_000_000 };
}

/**
 * Rounds of tokens in which each server has its turn, beginning with another one each time. Who has not, stands still.
 *
 * @param lanes how many connections there are, each with one request in flight
 */
export async function playTokens(
  servers: ReadonlyMap<Contestant, TokenServer>,
  { method, lanes, size, limit, say }: { method: Method; lanes: number; size: Size; limit: LimitProcess; say: Say },
): Promise<TokenRounds> {
  const turn = async <Result>(name: Contestant, act: (server: TokenServer) => Promise<Result>): Promise<Result> => {
    const server = servers.get(name);
    if (server === undefined) throw new Error(`there is no ${name}`);
    server.resume();
    try {
      return await act(server);
    } finally {
      server.pause();
    }
  };
  const names = [...servers.keys()];
  const tokenBytes: Partial<Record<Contestant, number>> = {};
  for (const name of names) {
    tokenBytes[name] = await turn(name, (server) => provesWork(server, method));
    // In parts: what was signed too long ago is refused.
    for (let left = Math.ceil(size.warmUp / lanes); left > 0; left -= 300)
      await turn(name, async (server) => shoot(server.url, await server.tokenShots(Math.min(left, 300), method)));
  }
  const rounds: TokenRound[] = [];
  for (let number = 0; number < size.rounds; number += 1) {
    const measured: Partial<Record<Contestant, Measured>> = {};
    for (let each = 0; each < names.length; each += 1) {
      const name = names[(number + each) % names.length];
      if (name === undefined) continue;
      const perLane = Math.ceil(size.perRound[name] / lanes);
      measured[name] = await turn(name, async (server) => measure(server, await server.tokenShots(perLane, method)));
    }
    rounds.push({ limit: await limit.measure(signaturesOf[method], size.limitMs), measured });
    const line = names.map((name) => `${name} ${measured[name]?.perSecond.toFixed(0) ?? '-'}/s`).join(', ');
    say(`${method}, round ${number + 1}: ${line}`);
  }
  return { method, rounds, tokenBytes };
}

export type Say = (line: string) => void;
