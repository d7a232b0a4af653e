import assert from 'node:assert/strict';

interface Told {
  topic: string;
  id?: string;
}

/** A listener to `GET /v1/events`: no product code, so that it would notice a change of the wire. */
export class EventStream {
  readonly answer: Response;
  readonly told: Told[] = [];
  /** Resolves when the server ends it. */
  readonly ended: Promise<void>;
  #text = '';
  readonly #controller: AbortController;

  private constructor(answer: Response, controller: AbortController) {
    this.answer = answer;
    this.#controller = controller;
    this.ended = answer.ok ? this.#read().catch(() => undefined) : Promise.resolve();
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventStream> {
    const controller = new AbortController();
    const answer = await fetch(`${url}/v1/events`, { headers, signal: controller.signal });
    return new EventStream(answer, controller);
  }

  static by({ url, token }: { url: string; token: string | undefined }): Promise<EventStream> {
    return EventStream.open(url, { authorization: `Bearer ${token ?? ''}` });
  }

  close(): void {
    this.#controller.abort();
  }

  /** Waits until it is told, and says after how many milliseconds that was. */
  async hears(wanted: Told, withinMs = 5000): Promise<number> {
    const begun = performance.now();
    for (; performance.now() - begun < withinMs; await new Promise((go) => setTimeout(go, 5)))
      if (this.told.some((each) => each.topic === wanted.topic && each.id === wanted.id))
        return performance.now() - begun;
    return assert.fail(`${JSON.stringify(wanted)} was not told, but ${JSON.stringify(this.told)}`);
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of this.answer.body ?? []) {
      this.#text += decoder.decode(bytes as Uint8Array, { stream: true });
      const events = this.#text.split('\n\n');
      this.#text = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: changed\ndata: (.*)$/.exec(event)?.[1];
        if (data !== undefined) this.told.push(JSON.parse(data) as Told);
      }
    }
  }
}
