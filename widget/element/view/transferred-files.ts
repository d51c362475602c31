/** The files that were dropped or pasted, without folders: a folder has no bytes to send. */
export function transferredFiles({ items }: DataTransfer): File[] {
  return [...items].flatMap((item) => (item.webkitGetAsEntry()?.isDirectory ? [] : (item.getAsFile() ?? [])));
}
