/** A stream of what is already there. */
export async function* oneByOne<T>(values: T[]): AsyncGenerator<T> {
  yield* values;
}
