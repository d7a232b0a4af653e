/** One call to the backend. A refusal is thrown with the sentence that the backend wrote for people. */
export async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const document = text === '' ? undefined : JSON.parse(text);
  if (answer.ok) return document;
  const details = (document?.details ?? []).map(({ message }) => message).join('; ');
  const refusal = new Error(
    [document?.error_description ?? 'The backend did not answer as expected.', details].filter(Boolean).join(' '),
  );
  refusal.status = answer.status;
  throw refusal;
}
