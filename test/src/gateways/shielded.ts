import assert from 'node:assert/strict';
import { decodeJwt } from 'jose';
import { type ReachedRequest, toldAbout } from '../support/gateway-application.ts';
import { type GatewayPlace, openGatewayPlace, origin } from '../support/gateway-place.ts';
import type { RunningGateway } from '../support/gateway-process.ts';
import { type SentRequest, sendToGateway } from '../support/gateway-request.ts';
import type { RawAnswer } from '../support/raw-http.ts';
import type { everything } from '../support/gateway-told.ts';
import type { suiteScope } from '../support/scene.ts';
import { provedRequest, type Wish } from './requests.ts';

/** What the documentation of a gateway says that it does. Each limit is a test too: that of a thing which gets through. */
export interface GatewayUnderTest {
  name: string;
  start(place: GatewayPlace, scope: ReturnType<typeof suiteScope>): Promise<RunningGateway>;
  /** How clients send tokens to it. */
  scheme?: 'DPoP' | 'Bearer';
  /** Names of attacks that it does not stop. */
  letsThrough?: readonly string[];
  /**
   * What clients get while Postern is away: it asks Postern for each request, so that what Postern knows counts at once, and
   * without Postern nobody gets in. Null where it asks for no request.
   */
  whenAway: readonly number[] | null;
  /** What it can say of who asks, if not all. */
  tells?: readonly (keyof typeof everything)[];
  /** It refuses requests with such headers instead of dropping them. */
  refusesUnderscores?: boolean;
  /** It hands on what Postern says to those it refuses: why, and the nonce for the next proof. */
  explains: boolean;
  /** It takes dots out of paths, before anybody judges them. */
  normalises?: boolean;
  /** It hands on Postern's page to browsers. */
  showsPages?: boolean;
  /** It speaks HTTP/2 with clients. */
  http2?: boolean;
  /** It hands on the next nonce with what it lets through, too. As it explains, if not said. */
  noncesOfSuccess?: boolean;
}

/** An application behind a running gateway, and a device with a token for it. What is asserted is what reaches it. */
export class Shielded {
  readonly gateway: GatewayUnderTest;
  readonly place: GatewayPlace;
  readonly running: RunningGateway;
  readonly token: string;
  readonly scheme: 'DPoP' | 'Bearer';

  private constructor(gateway: GatewayUnderTest, place: GatewayPlace, running: RunningGateway, token: string) {
    this.gateway = gateway;
    this.place = place;
    this.running = running;
    this.token = token;
    this.scheme = gateway.scheme ?? 'DPoP';
  }

  static async open(gateway: GatewayUnderTest, scope: ReturnType<typeof suiteScope>): Promise<Shielded> {
    const place = await openGatewayPlace(scope);
    const running = await gateway.start(place, scope);
    return new Shielded(gateway, place, running, await place.device.accessToken(origin));
  }

  send(request: SentRequest, port = this.running.port): Promise<RawAnswer> {
    return sendToGateway({ port, authority: this.place.certificates.authorityText }, request);
  }

  /** What reached the application since this was last asked. */
  taken(): ReachedRequest[] {
    return this.place.application.taken();
  }

  /** A request of the device as this gateway wants it, with what a test wants to be different. */
  good(wish: Wish = {}): Promise<SentRequest> {
    return provedRequest(this.place, this.token, { scheme: this.scheme, ...wish });
  }

  /** As this gateway wants tokens: refused for its scheme, a bad one would show nothing. */
  inScheme({ headers = [], ...request }: SentRequest): SentRequest {
    return {
      ...request,
      headers: headers.map(([key, value]) => [key, value.replace(/^DPoP (?=ey)/, `${this.scheme} `)]),
    };
  }

  /** Nothing reached the application, and the client was told no. */
  async assertStopped(request: SentRequest, statuses?: readonly number[]): Promise<RawAnswer> {
    this.taken();
    const answer = await this.send(request);
    const seen = `${answer.status} ${answer.text.slice(0, 200)}\n${this.running.log().slice(-2000)}`;
    assert.deepEqual(this.taken(), [], seen);
    const isNo = statuses?.includes(answer.status) ?? (answer.status === 0 || answer.status >= 400);
    assert.ok(isNo, seen);
    return answer;
  }

  /** It reached the application once, as it was sent, and told this of who asks. */
  async assertReaches(request: SentRequest, expected = this.identity()): Promise<RawAnswer> {
    this.taken();
    const answer = await this.send(request);
    const reached = this.taken();
    assert.equal(answer.status, 200, `${answer.text}\n${this.running.log().slice(-2000)}`);
    const seen = reached.map(({ method, path, ...rest }) => ({
      method,
      path,
      told: toldAbout({ method, path, ...rest }),
    }));
    assert.deepEqual(seen, [{ method: request.method ?? 'GET', path: request.path, told: expected }]);
    return answer;
  }

  /** A device alone, in order: no person, no mail, no groups, no role. */
  identity(text = this.token): Record<string, string> {
    const { device_id: device, owner } = decodeJwt<{ device_id: string; owner: string }>(text);
    return { 'x-auth-request-device': device, 'x-auth-request-owner': owner, 'x-posture-status': 'compliant' };
  }
}
