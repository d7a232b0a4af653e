import type { CommandResult, FileResult, System } from '../../system.ts';

/** One question that a collector asked its machine, and the answer. */
export type Call =
  | { what: 'run'; of: string; answer: CommandResult }
  | { what: 'readFile'; of: string; answer: FileResult }
  | { what: 'readBytes'; of: string; answer: Uint8Array | undefined }
  | { what: 'list'; of: string; answer: string[] | undefined }
  | { what: 'realPath'; of: string; answer: string | undefined }
  | { what: 'readLink'; of: string; answer: Awaited<ReturnType<System['readLink']>> }
  | { what: 'inspect'; of: string; answer: Awaited<ReturnType<System['inspect']>> }
  | { what: 'digest'; of: string; answer: Awaited<ReturnType<System['digest']>> }
  | { what: 'modifiedAt'; of: string; answer: number | undefined }
  | { what: 'diskSpace'; of: string; answer: Awaited<ReturnType<System['diskSpace']>> }
  | { what: 'uptimeSeconds'; of: string; answer: number };

/** What a question of that kind is answered. */
export type AnswerTo<Kind extends Call['what']> = Extract<Call, { what: Kind }>['answer'];

/** Which question it is. */
export function keyOf({ what, of }: Pick<Call, 'what' | 'of'>): string {
  return `${what} ${of}`;
}

/**
 * The machine with some answers exchanged, by the key of their question. `asked` gets every question and the answer
 * that was given.
 */
export function withAnswers(system: System, exchanged: ReadonlyMap<string, Call>, asked: Map<string, Call>): System {
  function answer<Given extends Call>(call: Given): Given['answer'] {
    const instead = exchanged.get(keyOf(call));
    const given = instead?.what === call.what ? ({ ...call, answer: instead.answer } as Given) : call;
    asked.set(keyOf(given), given);
    return given.answer;
  }
  return {
    platform: system.platform,
    clock: system.clock,
    uid: system.uid,
    env: system.env,
    home: system.home,
    run: async (program, args, options) =>
      answer({ what: 'run', of: [program, ...args].join(' '), answer: await system.run(program, args, options) }),
    readFile: async (of) => answer({ what: 'readFile', of, answer: await system.readFile(of) }),
    readBytes: async (of) => answer({ what: 'readBytes', of, answer: await system.readBytes(of) }),
    list: async (of) => answer({ what: 'list', of, answer: await system.list(of) }),
    realPath: async (of) => answer({ what: 'realPath', of, answer: await system.realPath(of) }),
    readLink: async (of) => answer({ what: 'readLink', of, answer: await system.readLink(of) }),
    inspect: async (of) => answer({ what: 'inspect', of, answer: await system.inspect(of) }),
    digest: async (of, mostBytes) => answer({ what: 'digest', of, answer: await system.digest(of, mostBytes) }),
    modifiedAt: async (of) => answer({ what: 'modifiedAt', of, answer: await system.modifiedAt(of) }),
    diskSpace: async (of) => answer({ what: 'diskSpace', of, answer: await system.diskSpace(of) }),
    uptimeSeconds: () => answer({ what: 'uptimeSeconds', of: '', answer: system.uptimeSeconds() }),
  };
}
