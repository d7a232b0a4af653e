/** The number that an entry gives itself; undefined where it is not in the form that is hashed. */
export function seqOf(entry: string): number | undefined {
  const [, seq] =
    /,"seq":([1-9]\d{0,14}),"subject":(?:null|\{"id":"(?:[^"\\]|\\.)*","kind":"[^"\\]*"\}),"textHash":(?:null|"[\w-]{43}"),"type":"[\w.-]+","v":1\}$/.exec(
      entry,
    ) ?? [];
  return seq === undefined ? undefined : Number(seq);
}
