import { createServer } from 'node:http';
import * as oauth from 'oauth4webapi';

/** How this resource server looks at tokens; a test may set its clock or its name wrong. */
export interface Checking {
  audience: string;
  /** Seconds that its clock is ahead. */
  clockAhead?: number;
}

export interface ResourceServer {
  url: string;
  /** For the requests that follow. */
  checking: Checking;
}

/**
 * An application that takes the tokens of an authorization server by what oauth4webapi makes of them, knowing nothing but the
 * server's metadata. It answers 200 with the claims, or 401 with the library's reason.
 */
export async function startResourceServer(
  t: { after(clean: () => void): void },
  as: oauth.AuthorizationServer,
  checking: Checking,
): Promise<ResourceServer> {
  const resource: ResourceServer = { url: '', checking };
  const server = createServer((incoming, answer) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
    const request = new Request(`${resource.url}${incoming.url ?? '/'}`, { method: incoming.method ?? 'GET', headers });
    judge(as, request, resource.checking).then(
      (claims) => answer.writeHead(200).end(JSON.stringify(claims)),
      (error: unknown) => answer.writeHead(401).end(JSON.stringify(reasonOf(error))),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  resource.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return resource;
}

function judge(as: oauth.AuthorizationServer, request: Request, { audience, clockAhead }: Checking) {
  return oauth.validateJwtAccessToken(as, request, audience, {
    [oauth.allowInsecureRequests]: true,
    [oauth.clockSkew]: clockAhead ?? 0,
  });
}

function reasonOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'none', message: String(error) };
  return { code: 'code' in error ? String(error.code) : error.name, message: error.message };
}
