import type { ExceptionView } from '@postern/shared/protocol/exception';
import type { NewStepUp } from '@postern/shared/protocol/step-up-subject';
import { useAct } from '../../api/queries.ts';
import { staleAfter } from '../../api/stale.ts';
import { scopeText } from '../../parts/mine/scope.ts';
import { secondsOf } from '../../parts/mine/lengths.ts';
import { sendProven } from '../../parts/proof/send-proven.ts';
import { sayLength } from '../../parts/say-time.ts';
import { tell } from '../../parts/tell.ts';
import { t } from '../../strings/index.ts';
import { scopeOf } from './scope-of.ts';
import type { Request } from './wish.ts';

type Whole = Request & { justification: string };

/** Sends what was asked for, with the proof that it takes, and says what came of it. */
export function useSend({
  path,
  device,
  isEmergency,
  sent,
}: {
  path: string;
  device: string;
  isEmergency: boolean;
  sent: () => void;
}) {
  return useAct(async (request: Whole) => {
    const scope = scopeText(scopeOf(request));
    // The schemas brand ids and lengths where they read them; here they are texts.
    const about = {
      purpose: 'request',
      about: 'rules' in request ? { device, request } : { device, access: request },
    } as unknown as NewStepUp;
    const what = { about, sentence: t.mine.proof.ask(scope, sayLength(secondsOf(request.duration))) };
    // In an emergency the request stands within another body, and the proof within the request.
    const body = isEmergency ? { device, request } : { device, ...request };
    const asked = await sendProven<ExceptionView>('POST', path, body, what, (stepUp) =>
      isEmergency ? { device, request: { ...request, stepUp } } : { ...body, stepUp },
    );
    tell(
      asked.state === 'pending'
        ? t.ask.asked(scope)
        : asked.emergency
          ? t.ask.grantedEmergency(scope)
          : t.ask.granted(scope),
    );
    sent();
  }, staleAfter.own);
}
