import { type ASTNode, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';

/** An expression that cannot serve as a requirement. The message shows the place with a caret. */
export class ExpressionError extends Error {
  /** Where in the expression, in characters from its beginning; undefined where it is about all of it. */
  readonly offset: number | undefined;

  constructor(message: string, offset?: number, options?: ErrorOptions) {
    super(message, options);
    this.offset = offset;
  }

  /** What the library has to say. It recurses, so that it may also run out of stack. */
  static of(error: unknown): ExpressionError {
    if (error instanceof ParseError || error instanceof CelTypeError)
      return new ExpressionError(error.message, placeOf(error), { cause: error });
    return new ExpressionError(error instanceof Error ? error.message : 'cannot be read', undefined, { cause: error });
  }

  static at(node: ASTNode, message: string): ExpressionError {
    return ExpressionError.of(new ParseError({ message, node }));
  }
}

/** The place that the caret shows. */
function placeOf({ node, range }: ParseError | CelTypeError): number | undefined {
  return node?.pos ?? range?.start;
}
