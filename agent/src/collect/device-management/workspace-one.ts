import type { System } from '../system.ts';
import type { Place } from './place.ts';

const programs = ['/opt/omnissa/ws1-hub/bin/ws1HubUtil', '/opt/vmware/ws1-hub/bin/ws1HubUtil', '/usr/bin/ws1HubUtil'];

/** A whole line: half of one that says no begins like one that says yes. */
const enrolled =
  /^[ \t]*(?:(?:this )?device is enrolled\.?|enroll(?:ed|ment)(?: status)?[ \t]*[:=][ \t]*(?:true|yes|enrolled))[ \t]*\r?\n/im;

/** The hub says itself whether it is enrolled. Its wording is not documented, so that anything else stays unknown. */
export async function lookAtWorkspaceOne(system: System): Promise<Place> {
  for (const program of programs) {
    if ((await system.realPath(program)) === undefined) continue;
    const result = await system.run(program, ['status']);
    const text = result.outcome === 'exited' && result.code === 0 ? result.stdout : '';
    if (/\b(?:not enrolled|unenrolled)\b|\benroll\w*\W+(?:false|no)\b/i.test(text)) return {};
    if (enrolled.test(text)) return { mdm: 'workspace-one', seen: `${program} status` };
    return { hidden: program };
  }
  return {};
}
