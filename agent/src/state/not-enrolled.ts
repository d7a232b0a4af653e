/** This machine has no state: it was never enrolled, or it was forgotten. */
export class NotEnrolledError extends Error {
  override readonly name = 'NotEnrolledError';

  constructor() {
    super('This machine is not enrolled. Ask an admin for the address of your Postern, then: postern-agent enroll URL');
  }
}
