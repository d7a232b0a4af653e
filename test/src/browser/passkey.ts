import type { Visitor } from '../support/visitor.ts';

/** Gives somebody who is signed in a passkey of the authenticator in their computer, without going through a screen. */
export async function addPasskey({ page }: Visitor, label = 'This computer'): Promise<void> {
  // Runs in the page, whose globals this program does not know.
  const problem = await page.evaluate<string | null>(`(async () => {
    const post = async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    };
    try {
      const { id: stepUp, options } = await post('/v1/me/passkeys/options', {});
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      const made = await navigator.credentials.create({ publicKey });
      await post('/v1/me/passkeys', { stepUp, label: ${JSON.stringify(label)}, attestation: made.toJSON() });
      return null;
    } catch (error) {
      return String(error);
    }
  })()`);
  if (problem !== null) throw new Error(`no passkey: ${problem}`);
}
