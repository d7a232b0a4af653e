import { startAuthentication } from '@simplewebauthn/browser';
import type { NewStepUp } from '@postern/shared/protocol/step-up-subject';
import type { StepUpAnswer } from '@postern/shared/protocol/step-up';
import { call, type Method } from '../../api/call.ts';
import { Refusal } from '../../api/refusal.ts';
import { t } from '../../strings/index.ts';
import { askForProof } from './asking.ts';

interface What {
  /** Purpose and exact content, as `POST /v1/me/step-ups` takes them: the proof is good for this and nothing else. */
  about: NewStepUp;
  /** What it is for, to the person. */
  sentence: string;
}

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/**
 * Sends something; when the backend wants to see who one is for it, asks the person and sends it again with the proof, at the
 * top of the body, or where `withProof` puts it.
 *
 * @throws Refusal, also when the person changes their mind: then nothing was changed
 */
export async function sendProven<Answer>(
  method: Method,
  path: string,
  body: Readonly<Record<string, unknown>>,
  what: What,
  withProof: (stepUp: StepUpAnswer) => object = (stepUp) => ({ ...body, stepUp }),
): Promise<Answer> {
  try {
    return await call<Answer>(method, path, body);
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.code !== 'step_up_required') throw refusal;
    const ways = refusal.ways.filter((way) => way !== 'sign-in');
    if (ways.length === 0) throw new Refusal(`${refusal.message} ${t.common.proof.signInAgain}`, refusal.status);
    const stepUp = await askForProof({ ways, sentence: what.sentence, withPasskey: () => provePasskey(what.about) });
    return await call<Answer>(method, path, withProof(stepUp));
  }
}

async function provePasskey(about: NewStepUp): Promise<StepUpAnswer> {
  const { id, options } = await call<{ id: string; options: unknown }>('POST', '/v1/me/step-ups', about);
  const assertion = await startAuthentication({ optionsJSON: options as Options }).catch((cause: unknown) => {
    throw new Refusal(t.common.proof.noPasskey, 0, {}, cause);
  });
  // The ids are branded where they are made; this one comes as text from there.
  return { kind: 'passkey', stepUp: id, assertion } as unknown as StepUpAnswer;
}
