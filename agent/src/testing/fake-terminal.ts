import type { Clock } from '@postern/shared/time';
import type { Readings } from '@postern/shared/protocol/reading';
import type { Output, Terminal } from '../cli/terminal.ts';
import { runProgram } from '../cli/program.ts';
import type { Timer } from '../timer.ts';
import { readingsOf } from './documents.ts';

export interface FakeTerminal extends Terminal {
  env: Record<string, string | undefined>;
  stdout: Output;
  input: string;
  readings: () => Readings;
  stop: () => void;
  kick: () => void;
}

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** A terminal over one data folder, with a machine whose readings the test decides. */
export function fakeTerminal(dataFolder: string, time: Clock & Timer): FakeTerminal {
  const silent = { write: () => undefined, isTTY: false, columns: 100 };
  const terminal: FakeTerminal = {
    stdout: silent,
    stderr: silent,
    input: '',
    readInput: async () => terminal.input,
    env: { POSTERN_AGENT_DATA: dataFolder },
    machine: { platform: 'linux', uid: 1000, home: '/home/ada', hostName: 'ada-laptop' },
    readings: () => readingsOf(true, time.now()),
    collect: async ({ checks }) => {
      const all = Object.entries(terminal.readings());
      return Object.fromEntries(all.filter(([id]) => checks === undefined || checks.includes(id)));
    },
    power: async () => ({ onBattery: null, saver: null }),
    clock: time,
    timer: time,
    random: { uuid: () => crypto.randomUUID(), fraction: () => 0.5 },
    signals: {
      onStop: (listener) => {
        terminal.stop = listener;
      },
      onKick: (listener) => {
        terminal.kick = listener;
      },
    },
    stop: () => undefined,
    kick: () => undefined,
  };
  return terminal;
}

/** Runs one command and keeps what it printed. */
export async function runCommandLine(terminal: FakeTerminal, ...argv: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await runProgram(
    {
      ...terminal,
      stdout: { ...terminal.stdout, write: (chunk) => void (out += chunk) },
      stderr: { ...terminal.stderr, write: (chunk) => void (err += chunk) },
    },
    argv,
  );
  return { code, out, err };
}
