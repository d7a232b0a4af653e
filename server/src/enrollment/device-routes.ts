import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import {
  enrolledSchema,
  enrollmentAnswerSchema,
  enrollmentFinishSchema,
  enrollmentRequestSchema,
} from '@postern/shared/protocol/enrollment';
import type { Deps } from '../deps.ts';
import { type AnyRoute, defineRoute } from '../http/route.ts';
import { beginEnrollment } from './begin.ts';
import { finishEnrollment } from './finish.ts';

/** What a new device calls. Open: the token, the code and the proof are what authenticates. */
export function newDeviceRoutes(
  deps: Pick<Deps, 'store' | 'random' | 'config' | 'policies' | 'anonymousRefusals'>,
): AnyRoute[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/enrollments',
      summary: 'Begin to enroll a device, with an enrollment token or an approved device code; also polls the latter',
      audience: 'open',
      rate: 'enrollment',
      body: { type: 'json', schema: enrollmentRequestSchema },
      replies: { 201: enrollmentAnswerSchema },
      errors: [
        'enrollment_token_invalid',
        'key_already_enrolled',
        'authorization_pending',
        'slow_down',
        'code_denied',
        'code_expired',
      ],
      async handle({ body, remoteAddress, now }) {
        return { status: 201, body: await beginEnrollment(deps, body, remoteAddress, now) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/enrollments/{id}/finish',
      summary: 'Finish enrolling: the proof that the device holds its key',
      audience: 'open',
      rate: 'enrollment',
      params: z.strictObject({ id: idSchema('enrollment') }),
      body: { type: 'json', schema: enrollmentFinishSchema },
      replies: { 201: enrolledSchema },
      errors: [
        'enrollment_invalid',
        'key_proof_invalid',
        'key_already_enrolled',
        'enrollment_token_invalid',
        'code_expired',
        'conflict',
      ],
      async handle({ params: { id }, body: { proof }, now }) {
        return { status: 201, body: await finishEnrollment(deps, id, proof, now) };
      },
    }),
  ];
}
