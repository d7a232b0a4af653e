// Node's, PostgreSQL's (classes 08, 53 and 57P; 25P03, 55P03 and 57014 are timeouts, class 40 is a transaction that lost to
// others again and again) and SQLite's words for: the database cannot be reached, or not now.
const unreachable =
  /^(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|25P03|40\w{3}|53\w{3}|55P03|57014|57P\w{2}|SQLITE_BUSY\w*|SQLITE_CANTOPEN\w*|SQLITE_FULL|SQLITE_IOERR\w*)$/;

/** Whether an error, or what caused it, says that the database could not be asked at all. */
export function isUnreachable(error: unknown): boolean {
  for (let each = error, depth = 0; typeof each === 'object' && each !== null && depth < 5; depth += 1) {
    if ('code' in each && typeof each.code === 'string' && unreachable.test(each.code)) return true;
    // Node tries each address of a host, and gives all the failures.
    if (each instanceof AggregateError && each.errors.some((inner) => isUnreachable(inner))) return true;
    each = 'cause' in each ? each.cause : undefined;
  }
  return false;
}
