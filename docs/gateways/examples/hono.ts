import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createGateway, postern, type PosternEnv } from '@postern/shared/gateway/hono';

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
  mode: 'local',
  credentials: { id: GATEWAY_ID, secret: GATEWAY_SECRET },
  signals: true,
});

const app = new Hono<PosternEnv>();
app.use(postern(gateway));
app.get('/things', (c) => c.json({ device: c.get('auth').payload.device_id }));
app.get('/admin', postern(gateway, { roles: ['admin'] }), (c) => c.json({}));
serve({ fetch: app.fetch, port: Number(process.env['PORT']), hostname: '127.0.0.1' });
