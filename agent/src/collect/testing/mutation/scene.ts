import { readdirSync, readFileSync } from 'node:fs';
import type { Collector, Wish } from '../../collector.ts';
import type { CommandResult, System } from '../../system.ts';
import { recordedSystem, type Recording } from '../recorded-system.ts';

/** A machine in one state, read by one collector: what it reads there is the truth that no spoilt answer may improve. */
export interface Scene {
  collector: Collector;
  /** Unlike any other of the same check on the same system. */
  name: string;
  system: System;
  wish?: Partial<Wish>;
}

/** Scenes of one check, by what distinguishes them. */
export function scenesOf(collector: Collector, systems: Record<string, System>, wish: Partial<Wish> = {}): Scene[] {
  return Object.entries(systems).map(([name, system]) => ({ collector, name, system, wish }));
}

const folderOf = (check: string) => new URL(`../../${check}/fixtures/`, import.meta.url);

/** The recorded outputs of one check, which lie beside its collector. */
export function fixturesIn(check: string): (name: string) => string {
  return (name) => readFileSync(new URL(name, folderOf(check)), 'utf8');
}

export function onLinux(recording: Omit<Recording, 'platform'>): System {
  return recordedSystem({ platform: 'linux', ...recording });
}

export function onMac(recording: Omit<Recording, 'platform'>): System {
  return recordedSystem({ platform: 'macos', uid: 501, ...recording });
}

/** A Windows whose PowerShell gives this answer, whatever the script is. */
export function windowsSaying(answer: string): System {
  const run = async (program: string): Promise<CommandResult> =>
    program.endsWith('\\powershell.exe')
      ? { outcome: 'exited', code: 0, stdout: answer, stderr: '' }
      : { outcome: 'absent' };
  return { ...recordedSystem({ platform: 'windows' }), run };
}

/** One Windows for every answer of PowerShell that was recorded for a check. */
export function everyWindows(check: string): Record<string, System> {
  const names = readdirSync(folderOf(check)).filter((name) => /^windows-.*\.json$/.test(name));
  const fixture = fixturesIn(check);
  return Object.fromEntries(names.map((name) => [name, windowsSaying(fixture(name))]));
}
