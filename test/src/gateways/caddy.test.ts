import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { adaptedExample, writeText } from '../support/gateway-example.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { behindGateway } from './behind.ts';
import { withPrograms } from './missing.ts';

withPrograms('Caddy', { programs: ['caddy'], packages: 'caddy' }, ([program = '']) => {
  behindGateway({
    name: 'Caddy',
    whenAway: [502, 504],
    explains: true,
    showsPages: true,
    http2: true,
    async start({ folder, way, application, certificates, credential }, scope) {
      const port = await freePort();
      const file = adaptedExample('Caddyfile', {
        '127.0.0.1:7420': `127.0.0.1:${way.port}`,
        '127.0.0.1:8080': `127.0.0.1:${application.port}`,
        'app.example:443': `app.example:${port}`,
        '/etc/postern/app.crt': certificates.certificate,
        '/etc/postern/app.key': certificates.key,
        '/var/lib/caddy/admin.sock': join(folder, 'admin.sock'),
      });
      return startGatewayProcess(scope, {
        program,
        port,
        args: ['run', '--adapter', 'caddyfile', '--config', writeText(join(folder, 'Caddyfile'), file)],
        env: { POSTERN_GATEWAY: `${credential.id}:${credential.secret}`, HOME: folder },
      });
    },
  });
});
