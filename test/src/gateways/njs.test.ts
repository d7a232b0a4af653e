import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { adaptedExample, exampleText, writeText } from '../support/gateway-example.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { behindGateway } from './behind.ts';
import { claimed } from './claimed.ts';
import { withPrograms } from './missing.ts';
import { nginxArguments } from './nginx-main.ts';

const module = '/usr/lib/nginx/modules/ngx_http_js_module.so';

withPrograms(
  'nginx with njs',
  { programs: ['nginx', module], packages: 'nginx-light libnginx-mod-http-js' },
  ([program = '']) => {
    behindGateway({
      name: 'nginx with njs',
      whenAway: null,
      tells: claimed,
      explains: false,
      letsThrough: ['a proof that was used'],
      async start({ folder, way, application, certificates }, scope) {
        const port = await freePort();
        const site = adaptedExample('nginx-njs.conf', {
          '127.0.0.1:7420': `127.0.0.1:${way.port}`,
          '127.0.0.1:8080': `127.0.0.1:${application.port}`,
          'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
          '/etc/postern/app.crt': certificates.certificate,
          '/etc/postern/app.key': certificates.key,
          '/etc/postern/postern.js': writeText(join(folder, 'postern.js'), exampleText('postern.js')),
          '/var/cache/nginx/postern': join(folder, 'keys'),
        });
        return startGatewayProcess(scope, { program, port, args: nginxArguments(folder, site, [module]) });
      },
    });
  },
);
