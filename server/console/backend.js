/** One call to the backend. A refusal is thrown with the sentence that the backend wrote for people, and with its code. */
export async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error('The backend cannot be reached. Nothing was changed, as far as this page knows; load it again.');
  });
  const document = read(await answer.text());
  if (answer.ok) return document;
  const details = (document?.details ?? []).map(({ message }) => message).join('; ');
  const wait = answer.headers.get('retry-after');
  const refusal = new Error(
    [
      document?.error_description ?? 'The backend did not answer as expected.',
      details,
      wait === null ? '' : `Try again in ${wait} seconds.`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  refusal.status = answer.status;
  refusal.code = document?.error_code;
  /** Ways that would do, where a proof of who one is is asked for. */
  refusal.ways = document?.step_up ?? [];
  throw refusal;
}

function read(text) {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
