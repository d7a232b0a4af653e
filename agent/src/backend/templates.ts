import { z } from 'zod';
import { offeredTemplateSchema } from '@postern/shared/protocol/template';
import { proverOf, type Session } from './session.ts';

const answerSchema = z.object({ items: z.array(offeredTemplateSchema) });
export type Offer = z.output<typeof offeredTemplateSchema>;

/** `GET /v1/templates`: under which scenarios the person of this device may ask, and what each takes. */
export async function listTemplates(session: Session): Promise<Offer[]> {
  const call = { method: 'GET', path: '/v1/templates', answer: answerSchema, prover: proverOf(session) } as const;
  return (await session.backend.call(call)).items;
}
