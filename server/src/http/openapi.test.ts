import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { idSchema } from '@postern/shared/ids';
import { errorKinds } from '@postern/shared/protocol/errors';
import { exceptionDecisionSchema, exceptionSchema } from '@postern/shared/protocol/exception';
import { attestationClaimsSchema } from '@postern/shared/protocol/attestation';
import { describeRoutes, errorsOf } from './openapi.ts';
import { defineRoute } from './route.ts';

const approve = defineRoute({
  method: 'POST',
  path: '/v1/exceptions/{id}/approve',
  summary: 'Approve',
  audience: 'person',
  roles: ['approver'],
  rate: 'admin',
  params: z.strictObject({ id: idSchema('exception') }),
  query: z.strictObject({ loud: z.coerce.boolean().optional() }),
  body: { type: 'json', schema: exceptionDecisionSchema },
  replies: { 200: exceptionSchema, 204: null },
  errors: ['self_approval', 'exception_state'],
  handle: async () => ({ status: 204 }),
});

test('a route appears with its input, its answers and each of its errors', () => {
  const document = describeRoutes([approve], {
    issuer: 'https://x.example',
    version: '1',
    components: { AttestationClaims: attestationClaimsSchema },
  });
  const operation = document.paths?.[approve.path]?.post;
  assert.ok(operation);
  assert.deepEqual(
    operation.parameters?.map((parameter) => ('name' in parameter ? parameter.name : '')),
    ['id', 'loud'],
  );
  assert.deepEqual(operation.requestBody, {
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/ExceptionDecision' } } },
  });
  assert.deepEqual(operation.security, [{ person: [] }]);
  for (const code of errorsOf(approve)) {
    const answer = operation.responses?.[String(errorKinds[code].status)];
    assert.ok(answer !== undefined && 'description' in answer && answer.description.includes(`\`${code}\``), code);
  }
  assert.ok(operation.responses?.['204']);
  assert.ok(document.components?.schemas?.AttestationClaims);
});

test('what is shown is what travels: ids are strings with a pattern, in answers too', () => {
  const document = describeRoutes([approve], { issuer: 'https://x.example', version: '1', components: {} });
  const exception = document.components?.schemas?.Exception;
  assert.ok(typeof exception === 'object' && 'properties' in exception);
  assert.deepEqual(exception.properties?.id, {
    type: 'string',
    pattern: '^exc_[0-9a-f]{32}$',
    description: 'Id of one exception',
    example: 'exc_0197a3f0c2d87b6e9f4c1a2b3c4d5e6f',
  });
});
