import { hour, minute, second } from '@postern/shared/time';
import type { Deps } from '../deps.ts';
import type { Job } from '../jobs.ts';
import { sendDigests } from './digests.ts';
import { createDispatcher } from './dispatch.ts';
import { followAudit } from './follow.ts';
import { followCheckpoints } from './follow-checkpoints.ts';
import { forgetMessages } from './notices.ts';
import { remindOfEnds } from './remind.ts';
import { sendMail } from './send-mail.ts';
import { sendWebhook } from './send-webhook.ts';

/** Portions in a run: whoever fell behind catches up without keeping the other jobs waiting for long. */
const portionsAtOnce = 10;

/** What runs beside the requests, and what ends it before the store is closed. */
export function notifyJobs(deps: Deps): { jobs: Job[]; stop: () => Promise<void> } {
  const dispatcher = createDispatcher(deps, { webhook: sendWebhook, mail: sendMail });
  const jobs: Job[] = [
    {
      name: 'tell of what happened',
      everyMs: second,
      run: async () => {
        for (let count = 0; count < portionsAtOnce; count += 1) if (!(await followAudit(deps, deps.clock.now()))) break;
        await followCheckpoints(deps, deps.clock.now());
      },
    },
    { name: 'send messages', everyMs: second, run: () => dispatcher.run(deps.clock.now()) },
    { name: 'remind of ends', everyMs: second, run: () => remindOfEnds(deps, deps.clock.now()) },
    { name: 'send digests', everyMs: minute, run: () => sendDigests(deps, deps.clock.now()) },
    { name: 'forget old messages', everyMs: hour, run: () => forgetMessages(deps, deps.clock.now()) },
  ];
  return { jobs, stop: () => dispatcher.stop() };
}
