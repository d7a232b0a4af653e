import { createServer, type Server } from 'node:http';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import type { Gateway } from '@postern/shared/gateway';
import * as forExpress from '@postern/shared/gateway/express';
import * as forFastify from '@postern/shared/gateway/fastify';
import * as forHono from '@postern/shared/gateway/hono';

export const frameworks = ['express', 'fastify', 'hono'] as const;
export type Framework = (typeof frameworks)[number];

interface Context {
  after(clean: () => void | Promise<void>): void;
}

/** What reached the application: nothing of it may be there after a denial. */
export interface Application {
  url: string;
  reached: string[];
}

/**
 * A small application in that framework behind the gateway: any method of `/things…` answers with the device of the token;
 * `/admin` needs the role admin.
 */
export async function startApplication(t: Context, framework: Framework, gateway: Gateway): Promise<Application> {
  const reached: string[] = [];
  const server = await { express: onExpress, fastify: onFastify, hono: onHono }[framework](gateway, reached, t);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return { url: `http://127.0.0.1:${address.port}`, reached };
}

async function onExpress(gateway: Gateway, reached: string[], t: Context): Promise<Server> {
  const { postern, auth, answerDenied } = forExpress;
  const app = express();
  app.use(postern(gateway));
  app.get('/admin', postern(gateway, { roles: ['admin'] }));
  app.use((req, res) => {
    reached.push(req.originalUrl);
    res.json({ device: auth(req).payload.device_id, identity: auth(req).identity });
  });
  app.use(answerDenied);
  const server = createServer(app);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => stop(server));
  return server;
}

async function onFastify(gateway: Gateway, reached: string[], t: Context): Promise<Server> {
  const { postern, requires } = forFastify;
  const app = fastify({ forceCloseConnections: true });
  await app.register(postern, { gateway });
  const answer = (request: { auth: forFastify.Auth | null; originalUrl: string }) => {
    reached.push(request.originalUrl);
    return { device: request.auth?.payload.device_id, identity: request.auth?.identity };
  };
  app.get('/admin', { preHandler: requires(gateway, { roles: ['admin'] }) }, answer);
  app.all('/*', answer);
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.close());
  return app.server;
}

async function onHono(gateway: Gateway, reached: string[], t: Context): Promise<Server> {
  const { postern } = forHono;
  const app = new Hono<forHono.PosternEnv>();
  app.use(postern(gateway));
  app.get('/admin', postern(gateway, { roles: ['admin'] }));
  app.all('/*', (c) => {
    reached.push(c.req.path);
    return c.json({ device: c.get('auth').payload.device_id, identity: c.get('auth').identity });
  });
  const server = await new Promise<Server>((listening) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => listening(started as Server));
  });
  t.after(() => stop(server));
  return server;
}

function stop(server: Server): void {
  server.closeAllConnections();
  server.close();
}
