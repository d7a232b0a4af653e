import { envoyReplay } from '../support/gateway-envoy.ts';
import { adaptedExample } from '../support/gateway-example.ts';
import { startReplay } from '../support/gateway-replay.ts';
import { traefikReplay } from '../support/gateway-traefik.ts';
import { behindGateway } from './behind.ts';

behindGateway({
  name: 'Traefik (replayed)',
  whenAway: [500],
  explains: true,
  showsPages: true,
  noncesOfSuccess: false,
  start({ way, application, certificates, credential }, scope) {
    const file = adaptedExample('traefik.yaml', {
      '127.0.0.1:7420': `127.0.0.1:${way.port}`,
      '127.0.0.1:8080': `127.0.0.1:${application.port}`,
      'gw_EXAMPLE:SECRET': `${credential.id}:${credential.secret}`,
    });
    return startReplay(scope, certificates, traefikReplay(file));
  },
});

behindGateway({
  name: 'Envoy (replayed)',
  normalises: true,
  whenAway: [503],
  explains: true,
  showsPages: true,
  start({ way, application, certificates, credential }, scope) {
    const file = adaptedExample('envoy.yaml', {
      'http://127.0.0.1:7420': `http://127.0.0.1:${way.port}`,
      'gw_EXAMPLE:SECRET': `${credential.id}:${credential.secret}`,
    });
    return startReplay(scope, certificates, envoyReplay(file, `http://127.0.0.1:${application.port}`));
  },
});
