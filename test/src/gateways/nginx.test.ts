import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { adaptedExample, writeText } from '../support/gateway-example.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { behindGateway } from './behind.ts';
import { withPrograms } from './missing.ts';
import { nginxArguments } from './nginx-main.ts';

withPrograms('nginx', { programs: ['nginx'], packages: 'nginx-light' }, ([program = '']) => {
  behindGateway({
    name: 'nginx',
    whenAway: [503],
    explains: true,
    async start({ folder, way, application, certificates, credential }, scope) {
      const port = await freePort();
      const secret = `proxy_set_header Postern-Gateway "${credential.id}:${credential.secret}";\n`;
      const site = adaptedExample('nginx.conf', {
        '127.0.0.1:7420': `127.0.0.1:${way.port}`,
        '127.0.0.1:8080': `127.0.0.1:${application.port}`,
        'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
        '/etc/postern/app.crt': certificates.certificate,
        '/etc/postern/app.key': certificates.key,
        '/etc/postern/nginx-gateway.conf': writeText(join(folder, 'nginx-gateway.conf'), secret),
      });
      return startGatewayProcess(scope, { program, port, args: nginxArguments(folder, site) });
    },
  });
});
