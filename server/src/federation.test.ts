import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Environment } from '@marcbachmann/cel-js';
import { parse } from 'yaml';
import { z } from 'zod';
import { postureAcrs, tokenAnswerSchema } from '@postern/shared/protocol/token';
import { startTokenService } from './tokens/testing/token-service.ts';

type Claims = Record<string, unknown>;

const page = readFileSync(new URL('../../docs/federation.md', import.meta.url), 'utf8');

/** The code of a kind on the page, in its order. */
const blocks = (kind: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text ?? '');

/** A member by JSON pointer, as Vault reads claims. */
function claimAt(claims: Claims, name: string): unknown {
  if (!name.startsWith('/')) return claims[name];
  return name
    .slice(1)
    .split('/')
    .reduce<unknown>((value, step) => (value as Claims | undefined)?.[step], claims);
}

function evaluate(expression: string, variables: Claims): unknown {
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  return environment.evaluate(expression, variables) as unknown;
}

const ruleSchema = z.strictObject({ expression: z.string(), message: z.string() });
const kubernetesSchema = z.strictObject({
  apiVersion: z.literal('apiserver.config.k8s.io/v1'),
  kind: z.literal('AuthenticationConfiguration'),
  jwt: z.tuple([
    z.strictObject({
      issuer: z.strictObject({ url: z.url(), audiences: z.array(z.string()).length(1) }),
      claimValidationRules: z.array(ruleSchema),
      claimMappings: z.strictObject({
        username: z.strictObject({ expression: z.string() }),
        groups: z.strictObject({ expression: z.string() }),
        uid: z.strictObject({ claim: z.string() }),
        extra: z.array(z.strictObject({ key: z.string(), valueExpression: z.string() })),
      }),
      userValidationRules: z.array(ruleSchema),
    }),
  ]),
});

describe('docs/federation.md, held to a real token', () => {
  let claims: Claims;

  before(async () => {
    const service = await startTokenService({ after } as unknown as Parameters<typeof startTokenService>[0]);
    const { body } = await service.askToken(await service.enrol());
    const token = tokenAnswerSchema.parse(body).access_token;
    claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
  });

  test('the table names claims that there are, with the words that they have', () => {
    const named = [...page.matchAll(/^\| `([\w.]+)` +\|/gm)].map(([, name]) => name ?? '');
    assert.deepEqual(named, ['iss', 'aud', 'sub', 'device_id', 'owner', 'acr', 'posture.status', 'roles']);
    for (const name of named.filter((each) => each !== 'roles')) {
      assert.equal(typeof claimAt(claims, `/${name.replace('.', '/')}`), 'string', name);
    }
    for (const acr of page.match(/urn:postern:posture:\w+/g) ?? [])
      assert.ok(
        postureAcrs.some((each) => each === acr),
        acr,
      );
  });

  test('the role of Vault takes it, and not that of a device with exceptions', () => {
    const role = z
      .object({
        user_claim: z.string(),
        bound_audiences: z.array(z.string()),
        bound_claims: z.record(z.string(), z.array(z.string())),
        claim_mappings: z.record(z.string(), z.string()),
      })
      .parse(JSON.parse(blocks('json')[0] ?? ''));
    const takes = (token: Claims) =>
      Object.entries(role.bound_claims).every(([name, values]) => values.includes(String(claimAt(token, name))));
    assert.ok(takes(claims));
    assert.ok(!takes({ ...claims, acr: 'urn:postern:posture:excepted' }));
    for (const name of [role.user_claim, ...Object.keys(role.claim_mappings)]) {
      assert.equal(typeof claimAt(claims, name), 'string', `Vault refuses the login when ${name} is no string`);
    }
  });

  test('the configuration of Kubernetes takes it, names who it is, and refuses what its rules are about', () => {
    const [{ claimValidationRules, claimMappings, userValidationRules }] = kubernetesSchema.parse(
      parse(blocks('yaml')[0] ?? ''),
    ).jwt;
    const takes = (token: Claims) =>
      claimValidationRules.every(({ expression }) => evaluate(expression, { claims: token }) === true);
    assert.ok(takes(claims));
    for (const change of [
      { acr: 'urn:postern:posture:grace' },
      { exp: Number(claims['exp']) + 1 },
      { client_id: 'str_1' },
    ]) {
      assert.ok(!takes({ ...claims, ...change }), JSON.stringify(change));
    }
    const username = evaluate(claimMappings.username.expression, { claims });
    assert.equal(username, `postern:${String(claims['sub'])}`);
    assert.deepEqual(evaluate(claimMappings.groups.expression, { claims }), []);
    const withRole = { ...claims, roles: ['deployer'] };
    assert.deepEqual(evaluate(claimMappings.groups.expression, { claims: withRole }), ['postern:deployer']);
    assert.equal(typeof claims[claimMappings.uid.claim], 'string');
    for (const { valueExpression } of claimMappings.extra)
      assert.equal(typeof evaluate(valueExpression, { claims }), 'string');
    for (const [name, isTaken] of [
      [username, true],
      ['system:admin', false],
    ]) {
      for (const { expression } of userValidationRules)
        assert.equal(evaluate(expression, { user: { username: name } }), isTaken);
    }
  });

  test('the trust policy of AWS asks for the audience, and for nothing that AWS does not see', () => {
    const statement = z.object({
      Condition: z.record(z.string(), z.record(z.string(), z.string())),
      Principal: z.object({ Federated: z.string() }),
    });
    const document = z.object({ Statement: z.tuple([statement]) }).parse(JSON.parse(blocks('json')[1] ?? ''));
    const [{ Condition, Principal }] = document.Statement;
    const keys = Object.values(Condition).flatMap((conditions) => Object.keys(conditions));
    const provider = Principal.Federated.split('oidc-provider/')[1] ?? '';
    assert.deepEqual(keys.toSorted(), [`${provider}:aud`, `${provider}:sub`]);
    assert.ok(String(claims['sub']).startsWith((Condition['StringLike']?.[`${provider}:sub`] ?? '').replace('*', '')));
  });

  test('the condition of Google Cloud takes it, and not that of a device in grace', () => {
    const [, condition = ''] = /--attribute-condition="([^"]+)"/.exec(page) ?? [];
    assert.equal(evaluate(condition, { assertion: claims }), true);
    assert.equal(evaluate(condition, { assertion: { ...claims, acr: 'urn:postern:posture:grace' } }), false);
    const [, mapping = ''] = /--attribute-mapping='([^']+)'/.exec(page) ?? [];
    for (const [, claim = ''] of mapping.matchAll(/assertion\.(\w+)/g))
      assert.equal(typeof claims[claim], 'string', claim);
  });
});

describe('docs/ci', () => {
  test('the samples are YAML, and their jobs run on enrolled runners only', () => {
    const read = (name: string): unknown =>
      parse(readFileSync(new URL(`../../docs/ci/${name}`, import.meta.url), 'utf8'));
    const github = z
      .object({
        jobs: z.object({
          deploy: z.object({
            'runs-on': z.array(z.string()),
            steps: z.array(z.object({ run: z.string().optional() })),
          }),
        }),
      })
      .parse(read('github-actions.yml'));
    assert.deepEqual(github.jobs.deploy['runs-on'], ['self-hosted', 'postern']);
    const gitlab = z
      .object({ deploy: z.object({ tags: z.array(z.string()), script: z.array(z.string()) }) })
      .parse(read('gitlab-ci.yml'));
    assert.deepEqual(gitlab.deploy.tags, ['postern']);
  });
});
