import fastify from 'fastify';
import { createGateway, postern, requires } from '@postern/shared/gateway/fastify';

const {
  POSTERN_ISSUER = '',
  POSTERN_AUDIENCE = '',
  PUBLIC_URL = '',
  GATEWAY_ID = '',
  GATEWAY_SECRET = '',
} = process.env;
const gateway = createGateway({
  issuer: POSTERN_ISSUER,
  audience: POSTERN_AUDIENCE,
  publicUrl: PUBLIC_URL,
  mode: 'introspection',
  credentials: { id: GATEWAY_ID, secret: GATEWAY_SECRET },
});

const app = fastify();
await app.register(postern, { gateway });
app.get('/things', (request) => ({ device: request.auth?.payload.device_id }));
app.get('/admin', { preHandler: requires(gateway, { roles: ['admin'] }) }, () => ({}));
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
