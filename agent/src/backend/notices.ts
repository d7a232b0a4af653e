import { z } from 'zod';
import { noticeSchema } from '@postern/shared/protocol/notice';
import { proverOf, type Session } from './session.ts';

// A newer backend tells of more; its sentences are for people and need no type.
const toldSchema = noticeSchema.extend({ type: z.string() });
const answerSchema = z.object({ items: z.array(toldSchema) });
export type Told = z.output<typeof toldSchema>;

/** `GET /v1/notices`: what this device's person was told about it or themselves, newest first. */
export async function listNotices(session: Session): Promise<Told[]> {
  const call = { method: 'GET', path: '/v1/notices', answer: answerSchema, prover: proverOf(session) } as const;
  return (await session.backend.call(call)).items;
}
