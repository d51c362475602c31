import { expect, test } from 'vitest';
import { type AttachmentLimits, readAttachmentLimits } from '../../../../widget/element/attachment-limits.ts';
import { isAccepted, sizeLimit, withType } from '../../../../widget/element/attachments/check-file.ts';

const MIB = 1024 * 1024;
const file = (name: string, type: string) => new File([], name, { type });

function limits(given: object): AttachmentLimits {
  const read = readAttachmentLimits({ enabled: true, ...given });
  if (!read) throw new Error('not enabled');
  return read;
}

test.each([undefined, null, true, 'on', {}, { enabled: 'yes' }, { enabled: false, maxCount: 3 }])(
  'is off for %j',
  (given) => expect(readAttachmentLimits(given)).toBeUndefined(),
);

test.each([
  {},
  { maxSize: 'much', maxCount: 'many', accept: 'image/*' },
  { maxSize: null, maxCount: -1, accept: null },
  { maxSize: { 'image/png': 'much', '*': Number.NaN }, maxCount: 0, accept: 7 },
])('takes any file of 100 MiB, ten of them, for %j', (given) => {
  const read = limits(given);
  expect(sizeLimit('image/png', read)).toBe(100 * MIB);
  expect(read.maxCount).toBe(10);
  expect(isAccepted(file('a.exe', 'application/x-msdownload'), read)).toBe(true);
});

test.each([
  [5, 'image/png', 5],
  [{ 'image/png': 1, 'image/*': 2, '*': 3 }, 'image/png', 1],
  [{ 'image/png': 1, 'image/*': 2, '*': 3 }, 'image/gif', 2],
  [{ 'image/png': 1, 'image/*': 2, '*': 3 }, 'text/plain', 3],
  [{ 'image/*': 2, '': 4 }, 'text/plain', 4],
  [{ 'image/*': 2, '': 4 }, '', 4],
  [{ 'image/*': 2 }, 'text/plain', 100 * MIB],
])('with %j a file of %j may have %i bytes', (maxSize, type, bytes) => {
  expect(sizeLimit(type, limits({ maxSize }))).toBe(bytes);
});

test.each([
  ['a.png', 'image/png', true],
  ['a.PDF', '', true],
  ['a.gif', 'image/gif', false],
  ['pdf', '', false],
  ['a.webp', 'video/webm', false],
  ['a.mp4', 'video/mp4', true],
])('of %s as %j it says %s', (name, type, accepted) => {
  const accept = { 'image/png': [], 'application/pdf': ['.pdf'], 'video/mp4': ['.mp4'] };
  expect(isAccepted(file(name, type), limits({ accept }))).toBe(accepted);
});

test('knows the type of an ending that the system does not know', () => {
  const read = limits({ accept: { 'text/markdown': ['.md', '.markdown'], 'image/*': ['.xyz'] } });
  expect(withType(file('NOTES.MD', ''), read).type).toBe('text/markdown');
  expect(withType(file('a.xyz', ''), read).type).toBe('');
  expect(withType(file('a.md', 'text/plain'), read).type).toBe('text/plain');
});
