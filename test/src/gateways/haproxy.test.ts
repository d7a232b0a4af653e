import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';
import { adaptedExample, writeText } from '../support/gateway-example.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { behindGateway } from './behind.ts';
import { withPrograms } from './missing.ts';

const wanted = { programs: ['haproxy', 'python3'], packages: 'haproxy python3' };

withPrograms('HAProxy', wanted, ([program = '', python = '']) => {
  behindGateway({
    name: 'HAProxy',
    whenAway: [503],
    explains: true,
    http2: true,
    async start({ backend, folder, way, application, certificates, credential }, scope) {
      const port = await freePort();
      const script = join(root, 'docs', 'gateways', 'haproxy-keys.py');
      const keys = join(folder, 'keys');
      await promisify(execFile)(python, [script, `${backend.url}/.well-known/jwks.json`, keys]);
      // Such names are of the whole machine.
      const socket = `abns@postern-${port}`;
      const lua = adaptedExample('haproxy-postern.lua', { 'abns@postern': socket });
      // Who is not root cannot become somebody else, and needs not.
      const own =
        process.getuid?.() === 0 ? {} : { '    user haproxy\n    group haproxy\n    chroot /var/lib/haproxy\n': '' };
      const file = adaptedExample('haproxy.cfg', {
        '127.0.0.1:7420': `127.0.0.1:${way.port}`,
        '127.0.0.1:8080': `127.0.0.1:${application.port}`,
        'bind :443 ssl': `bind 127.0.0.1:${port} ssl`,
        '/etc/postern/app.pem': certificates.both,
        ...own,
        'abns@postern': socket,
        '/etc/postern/haproxy-postern.lua': writeText(join(folder, 'postern.lua'), lua),
        '/etc/postern/gateway': writeText(join(folder, 'gateway'), `${credential.id}:${credential.secret}\n`),
        '/etc/postern/keys': keys,
      });
      return startGatewayProcess(scope, {
        program,
        port,
        args: ['-db', '-f', writeText(join(folder, 'haproxy.cfg'), file)],
      });
    },
  });
});
