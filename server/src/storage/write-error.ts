/** An error of the database that is not a conflict. Carries its code (SQLite's name or the SQLSTATE), never row contents. */
export class WriteError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.name = 'WriteError';
    this.code = code;
  }
}
