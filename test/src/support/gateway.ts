/** A gateway as its operator would write it: HTTP Basic and one form. */
export class Gateway {
  readonly #url: string;
  readonly #authorization: string;

  constructor(url: string, id: string, secret: string) {
    this.#url = url;
    this.#authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  }

  async introspect(token: string): Promise<Record<string, unknown>> {
    const answer = await this.send('/oauth/introspect', token);
    if (answer.status !== 200) throw new Error(`introspection answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  async revoke(token: string): Promise<number> {
    return (await this.send('/oauth/revoke', token)).status;
  }

  private send(path: string, token: string): Promise<Response> {
    return fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: { authorization: this.#authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token }),
    });
  }
}
