import type { Platform } from '@postern/shared/checks/define';
import type { Readings } from '@postern/shared/protocol/reading';
import type { Clock } from '@postern/shared/time';
import type { CollectRequest } from '../collect/request.ts';
import type { Random } from '../random.ts';
import type { Power } from '../service/power/index.ts';
import type { Timer } from '../timer.ts';

export interface Output {
  write: (text: string) => void;
  isTTY: boolean;
  /** Of the terminal; 80 where there is none. */
  columns: number;
}

/** Signals that a command answers to, by what they mean. */
export interface Signals {
  /** SIGTERM, SIGINT. */
  onStop: (listener: () => void) => void;
  /** SIGHUP, SIGUSR1: attest now. */
  onKick: (listener: () => void) => void;
}

/** What commands need to know of the machine beside its readings. */
export interface Machine {
  platform: Platform;
  /** 0 is root; -1 on Windows. */
  uid: number;
  home: string;
  hostName: string;
}

/** All that a command may touch: real in main.ts, made up in tests. */
export interface Terminal {
  stdout: Output;
  stderr: Output;
  /** All of standard input. */
  readInput: () => Promise<string>;
  env: Readonly<Record<string, string | undefined>>;
  machine: Machine;
  /** Reads of this machine what is asked for. */
  collect: (request: CollectRequest) => Promise<Readings>;
  power: () => Promise<Power>;
  clock: Clock;
  timer: Timer;
  random: Random;
  signals: Signals;
}

/** 0 done, 1 refused or failing, 2 wrong use, 3 backend unreachable. */
export type ExitCode = 0 | 1 | 2 | 3;

// JSON.stringify escapes the old control characters only; a terminal heeds the newer ones and turns lines around, too.
const unseen = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu;

/** JSON that means the same and is fit for a terminal, whoever wrote what is in it. */
export function safeJson(value: unknown, indent = 0): string {
  return safeText(JSON.stringify(value, null, indent));
}

/** JSON text as it is, but for characters that a terminal heeds: those are escaped, which means the same. */
export function safeText(json: string): string {
  return json.replace(unseen, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

export function printJson(output: Output, value: unknown): void {
  output.write(`${safeJson(value, 2)}\n`);
}
