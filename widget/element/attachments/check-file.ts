import { type AttachmentLimits, isPositive } from '../attachment-limits.ts';

const DEFAULT_SIZE = 100 * 1024 * 1024;

/** The most bytes that a file of this type may have; the narrowest pattern counts. */
export function sizeLimit(type: string, { maxSize }: AttachmentLimits): number {
  return (
    patternsOf(type)
      .map((pattern) => maxSize[pattern])
      .find(isPositive) ?? DEFAULT_SIZE
  );
}

export function isAccepted({ name, type }: File, { accept }: AttachmentLimits): boolean {
  const patterns = patternsOf(type);
  return accept.length === 0 || accept.flat().some((word) => patterns.includes(word) || isEnding(word, name));
}

/** The same file with the type that belongs to its ending: browsers know none for what their system does not know. */
export function withType(file: File, { accept }: AttachmentLimits): File {
  if (file.type) return file;
  const type = accept.find((words) => words.some((word) => isEnding(word, file.name)))?.[0];
  return new File([file], file.name, { type: type?.includes('*') ? '' : (type ?? '') });
}

function patternsOf(type: string): string[] {
  return [type, type.replace(/\/.*/, '/*'), '*/*', '*', ''];
}

function isEnding(word: string, name: string): boolean {
  return word.startsWith('.') && name.toLowerCase().endsWith(word);
}
