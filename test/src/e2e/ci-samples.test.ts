import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { minute, second } from '@postern/shared/time';
import { type Backend, startBackend } from '../support/backend.ts';
import { environment, root } from '../support/command.ts';
import { Desktop, screenLockPolicy } from '../support/desktop.ts';
import { type Agent, enrolledAgent } from '../support/enrolled-agent.ts';
import { suiteScope } from '../support/scene.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const vault = 'https://vault.example';
const sample = (name: string) => readFileSync(resolve(root, 'docs/ci', name), 'utf8');

/** The shell script of a step, as GitHub's runner would get it. */
function stepOf(text: string, name: string): string {
  const [, step = ''] = text.split(`- name: ${name}\n`);
  const [, block = ''] = /^ +run: \|\n((?: {10}.*\n|\n)+)/m.exec(step) ?? [];
  assert.notEqual(block, '', `there is no step ${name}`);
  return block.replaceAll(/^ {10}/gm, '');
}

/** The script of the job: GitLab runs its lines in one shell. */
function scriptOf(text: string): string {
  const [, block = ''] = /^ {2}script:\n((?: {4}.*\n)+)/m.exec(text) ?? [];
  assert.notEqual(block, '');
  return block.replaceAll(/^ {4}(?:- |(?=#))/gm, '');
}

/** Programs that the samples call, which are not ours: they write down what they were asked. */
const doubles: Record<string, string> = {
  vault: `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$SEEN/calls"
case "$1 $2" in
  'write -field=token') cat >"$SEEN/jwt"; echo hvs.session ;;
  'kv get') echo "key for $VAULT_TOKEN" ;;
esac
`,
  'deploy.sh': `#!/usr/bin/env bash\nprintf '%s' "$DEPLOY_KEY" >"$SEEN/deployed"\n`,
};

/** Programs of credential plugins, as docs/federation.md has them. */
function pluginFor(resource: string): string {
  const page = readFileSync(resolve(root, 'docs/federation.md'), 'utf8');
  const plugins = [...page.matchAll(/^```sh\n(#!\/bin\/sh\n[^]*?)^```$/gm)].map(([, text]) => text ?? '');
  return (
    plugins.find((text) => text.includes(`--resource ${resource} `)) ?? assert.fail(`no plugin asks for ${resource}`)
  );
}

const lacking = ['bash', 'jq'].filter((program) => spawnSync(program, ['--version']).status !== 0);
const skip =
  lacking.length > 0 && process.env['CI'] !== 'true' ? `not here: apt-get install ${lacking.join(' ')}` : false;

describe('samples of the documentation that ask the agent for a token', { skip, concurrency: false }, () => {
  const scope = suiteScope();
  let backend: Backend;
  let desktop: Desktop;
  let agent: Agent;

  before(async () => {
    backend = await startBackend(scope);
    const admin = await backend.person('ada@example.org', ['admin']);
    await backend.publish(screenLockPolicy, admin);
    for (const resource of [vault, 'https://kubernetes.example', 'https://gcp.example']) {
      await backend.gateway(admin, resource);
    }
    desktop = new Desktop(temporaryFolder(scope, 'home'));
    agent = await enrolledAgent(scope, backend, 'ada@example.org', desktop.env);
    assert.equal((await agent.run(['attest'])).code, 0);
    // What the runner reported is older than the samples let it be: the agent has to look at it anew.
    backend.clock.advance(10 * minute);
  });
  after(() => scope.clean());

  /** Runs a script on the runner, where \`postern-agent\` is ours and the rest are doubles. */
  async function onRunner(script: string) {
    const folder = temporaryFolder(scope, 'runner');
    const programs = join(folder, 'bin');
    mkdirSync(programs);
    const launcher = resolve(root, 'agent/bin/postern-agent.mjs');
    const ours = { 'postern-agent': `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n` };
    for (const [name, text] of Object.entries({ ...doubles, ...ours })) {
      const file = join(name === 'deploy.sh' ? folder : programs, name);
      writeFileSync(file, text);
      chmodSync(file, 0o755);
    }
    const file = (name: string) => join(folder, name);
    const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
    const child = spawn('bash', ['-e', '-c', script], {
      cwd: folder,
      env: environment({
        ...agent.env,
        PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`,
        SEEN: folder,
        GITHUB_ENV: file('github-env'),
      }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.stdin.end();
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return {
      code,
      output,
      calls: read('calls'),
      jwt: read('jwt'),
      env: read('github-env'),
      deployed: read('deployed'),
    };
  }

  async function assertToken(jwt: string, audience = vault): Promise<void> {
    const keys = createRemoteJWKSet(new URL(`${backend.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(jwt, keys, {
      issuer: backend.url,
      audience,
      algorithms: ['ES256'],
      typ: 'at+jwt',
      currentDate: new Date(backend.clock.now()),
    });
    assert.equal(payload['acr'], 'urn:postern:posture:compliant');
    assert.ok(backend.clock.now() / second - (payload['posture'] as { at: number }).at < 300, 'the report is fresh');
  }

  test('GitHub Actions: the runner opens Vault by a token that nobody else sees, and deploys with what is in it', async () => {
    const open = stepOf(sample('github-actions.yml'), 'Open Vault as this runner');
    const opened = await onRunner(open);
    assert.equal(opened.code, 0, opened.output);
    await assertToken(opened.jwt);
    assert.equal(opened.env, 'VAULT_TOKEN=hvs.session\n');
    assert.ok(!opened.calls.includes('eyJ'), 'the token is in no argument');
    const shown = opened.output.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    assert.ok(!/eyJ|hvs\./.test(shown.join('\n')), 'and in no line of the log that is not masked');

    const deploy = stepOf(sample('github-actions.yml'), 'Deploy');
    const { deployed } = await onRunner(`export VAULT_TOKEN=hvs.session\n${deploy}`);
    assert.equal(deployed, 'key for hvs.session');
  });

  test('GitLab: the same in one script, and the session is closed', async () => {
    const { code, output, jwt, calls, deployed } = await onRunner(scriptOf(sample('gitlab-ci.yml')));
    assert.equal(code, 0, output);
    await assertToken(jwt);
    assert.equal(deployed, 'key for hvs.session');
    assert.match(calls, /token revoke -self\n$/);
    assert.ok(!/eyJ|hvs\./.test(output));
  });

  test('Kubernetes and Google Cloud: credential plugins print what their callers read', async () => {
    await onRunner('postern-agent attest');
    const now = Date.now();
    const ofKubernetes = await onRunner(pluginFor('https://kubernetes.example'));
    assert.equal(ofKubernetes.code, 0, ofKubernetes.output);
    const { apiVersion, kind, status } = JSON.parse(ofKubernetes.output) as {
      apiVersion: string;
      kind: string;
      status: { token: string; expirationTimestamp: string };
    };
    assert.deepEqual([apiVersion, kind], ['client.authentication.k8s.io/v1', 'ExecCredential']);
    await assertToken(status.token, 'https://kubernetes.example');
    const lifeMs = Date.parse(status.expirationTimestamp) - now;
    assert.ok(lifeMs > minute && lifeMs <= 5 * minute, `${lifeMs} ms`);

    const ofGoogle = await onRunner(pluginFor('https://gcp.example'));
    const said = JSON.parse(ofGoogle.output) as Record<string, unknown>;
    assert.deepEqual([said['version'], said['success']], [1, true]);
    await assertToken(String(said['id_token']), 'https://gcp.example');
  });

  test('a runner that falls out of trust gets nothing, and the job says why', async () => {
    desktop.lockAfter('never');
    assert.notEqual((await agent.run(['attest'])).code, null);
    for (const script of [
      stepOf(sample('github-actions.yml'), 'Open Vault as this runner'),
      scriptOf(sample('gitlab-ci.yml')),
      pluginFor('https://kubernetes.example'),
      pluginFor('https://gcp.example'),
    ]) {
      const { code, output, calls, deployed, env } = await onRunner(script);
      assert.notEqual(code, 0);
      assert.match(output, /screen/i);
      assert.deepEqual([calls, deployed, env], ['', '', '']);
    }
  });
});
