/** Reads numbers and strings as RFC 4251, section 5, writes them. Undefined where the bytes end before. */
export class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(): number | undefined {
    const end = this.#at + 4;
    if (end > this.#bytes.length) return undefined;
    const number = Buffer.from(this.#bytes.subarray(this.#at, end)).readUInt32BE();
    this.#at = end;
    return number;
  }

  bytes(): Uint8Array | undefined {
    const length = this.number();
    if (length === undefined || this.#at + length > this.#bytes.length) return undefined;
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  text(): string | undefined {
    const bytes = this.bytes();
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
  }
}
