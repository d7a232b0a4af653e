import express from 'express';
import { answerDenied, auth, createGateway, postern } from '@postern/shared/gateway/express';

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
  mode: 'decision',
  credentials: { id: GATEWAY_ID, secret: GATEWAY_SECRET },
});

const app = express();
app.use(postern(gateway));
app.get('/things', (req, res) => void res.json({ device: auth(req).payload.device_id }));
app.get('/admin', postern(gateway, { roles: ['admin'] }), (_req, res) => void res.json({}));
app.use(answerDenied);
app.listen(Number(process.env['PORT']), '127.0.0.1');
