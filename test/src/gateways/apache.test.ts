import { createServer } from 'node:tls';
import { connect } from 'node:net';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { adaptedExample, writeText } from '../support/gateway-example.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { apacheArguments } from './apache-main.ts';
import { badProofs } from './bad-proofs.ts';
import { behindGateway } from './behind.ts';
import { claimed } from './claimed.ts';
import { withPrograms } from './missing.ts';

const modules = '/usr/lib/apache2/modules';
const wanted = {
  programs: ['apache2', `${modules}/mod_auth_openidc.so`],
  packages: 'apache2 libapache2-mod-auth-openidc',
};

withPrograms('Apache', wanted, ([program = '']) => {
  behindGateway({
    name: 'Apache',
    whenAway: [401],
    tells: claimed,
    explains: false,
    scheme: 'Bearer',
    refusesUnderscores: true,
    // It knows no proofs: whoever has the token, has what the token opens. Its documentation says so on top.
    letsThrough: [...Object.keys(badProofs), 'a proof that was used'],
    async start({ folder, way, application, certificates, credential }, scope) {
      const port = await freePort();
      // Its workers are somebody else, and read the authority's certificate for each call.
      chmodSync(folder, 0o755);
      const tls = await startTls(scope, { to: way.port, ...certificates });
      const secret = `OIDCOAuthClientID ${credential.id}\nOIDCOAuthClientSecret ${credential.secret}\n`;
      const site = adaptedExample('apache.conf', {
        'https://trust.example/oauth/introspect': `https://localhost:${tls}/oauth/introspect`,
        '/etc/ssl/certs/ca-certificates.crt': certificates.authority,
        '127.0.0.1:8080': `127.0.0.1:${application.port}`,
        '*:443': `127.0.0.1:${port}`,
        '/etc/postern/app.crt': certificates.certificate,
        '/etc/postern/app.key': certificates.key,
        '/etc/postern/apache-gateway.conf': writeText(join(folder, 'apache-gateway.conf'), secret),
      });
      return startGatewayProcess(scope, { program, port, args: apacheArguments({ folder, port, modules, site }) });
    },
  });
});

/** What makes an https address of a server that has none; returns its port. */
async function startTls(
  t: { after(clean: () => void): void },
  { to, certificate, key }: { to: number; certificate: string; key: string },
): Promise<number> {
  const port = await freePort();
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (client) => {
    const upstream = connect(to, '127.0.0.1');
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  t.after(() => void server.close());
  return port;
}
