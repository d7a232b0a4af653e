import type { Backend } from './backend.ts';
import { type CommandOutcome, runCommand, runJson } from './command.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The agent as a person has it: a program, a data folder, an environment. */
export class Agent {
  readonly env: Record<string, string>;

  constructor(env: Record<string, string>) {
    this.env = env;
  }

  run(args: readonly string[], input = ''): Promise<CommandOutcome> {
    return runCommand('postern-agent', args, this.env, input);
  }

  json<Answer>(args: readonly string[]): Promise<{ code: number | null; answer: Answer; stderr: string }> {
    return runJson<Answer>('postern-agent', args, this.env);
  }
}

/** A fresh agent, enrolled with a one-time token that an admin made for the owner on the command line. */
export async function enrolledAgent(
  t: { after(clean: () => void): void },
  backend: Backend,
  owner: string,
  env: Record<string, string> = {},
): Promise<Agent> {
  const made = await runJson<{ token: string }>('postern-server', ['enrollment-token', '--owner', owner], backend.env);
  if (made.code !== 0) throw new Error(`no enrollment token: ${made.stderr}`);
  const agent = new Agent({ POSTERN_AGENT_DATA: temporaryFolder(t, 'agent'), ...env });
  const enrolled = await agent.run(
    ['enroll', backend.url, '--token', '-', '--name', 'Test computer'],
    made.answer.token,
  );
  if (enrolled.code !== 0) throw new Error(`not enrolled: ${enrolled.stdout}${enrolled.stderr}`);
  return agent;
}
