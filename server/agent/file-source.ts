import type { FileSource } from '../../protocol/item.ts';
import type { ModelFile } from './model-input.ts';
import { quotationOf } from './page-source.ts';

/** The file that passage `n` is from, with a short quotation; `undefined` when none of them has it. */
export function toFileSource(files: ModelFile[], n: number): FileSource | undefined {
  for (const { name, passages } of files) {
    const passage = passages.find((other) => other.n === n);
    if (passage) return { type: 'file', title: name, filename: name, description: quotationOf(passage) };
  }
  return undefined;
}
