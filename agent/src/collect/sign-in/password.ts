import type { System } from '../system.ts';

/** passwd(1) of shadow, and before it that of Red Hat: `P`, `PS` there is one, `NP` there is none. */
const statuses = new Map([
  ['P', true],
  ['PS', true],
  ['NP', false],
]);
const withoutPassword = 'nopasswdlogin';

/**
 * Whether the person who runs the agent needs a password to sign in. Null where that is not told: for root, who is no
 * person; for people of a directory; for a locked account, which has no password that opens it.
 */
export async function isPasswordSet(system: System): Promise<boolean | null> {
  if (system.uid <= 0) return null;
  const exempt = await isExempt(system);
  if (exempt !== false) return exempt === undefined ? null : false;
  const result = await system.run('/usr/bin/passwd', ['-S'], { deadlineMs: 2_000 });
  if (result.outcome !== 'exited' || result.code !== 0) return null;
  const status = /^\S+ ([A-Z]{1,2})(?: [^\n]*)?\n$/.exec(result.stdout)?.[1];
  return (status === undefined ? undefined : statuses.get(status)) ?? null;
}

/** The members of this group are let in by the sign-in screen with a click on their name. Undefined: not told. */
async function isExempt(system: System): Promise<boolean | undefined> {
  const [groups, accounts] = await Promise.all([system.readFile('/etc/group'), system.readFile('/etc/passwd')]);
  if (groups.outcome !== 'read') return groups.outcome === 'absent' ? false : undefined;
  const members = fieldsOf(groups.text).find(([name]) => name === withoutPassword)?.[3];
  if (members === undefined || members === '') return false;
  if (accounts.outcome !== 'read') return undefined;
  const own = fieldsOf(accounts.text).find(([, , uid]) => uid === String(system.uid))?.[0];
  return own !== undefined && own !== '' ? members.split(',').includes(own) : undefined;
}

function fieldsOf(text: string): string[][] {
  return text.split('\n').map((line) => line.split(':'));
}
