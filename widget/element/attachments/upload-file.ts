import type { Attachment } from '../../../protocol/item.ts';
import type { ApiClient } from '../transport/api-client.ts';
import { send } from '../transport/send.ts';

/** Servers from before the upload descriptor name an address alone. */
type Created = Attachment & { upload_url?: string };

type Api = Pick<ApiClient, 'endpoint' | 'json'>;

/**
 * Brings a file to the server and gives back what the server made of it. All or nothing: what an upload that failed or
 * was aborted has left there is deleted again.
 */
export async function uploadFile(api: Api, file: File, signal: AbortSignal): Promise<Attachment> {
  const { uploadUrl, fetch: given, locale } = api.endpoint();
  const form = new FormData();
  form.append('file', file);
  const headers = { Accept: 'application/json', 'Accept-Language': locale };
  const params = { name: file.name, size: file.size, mime_type: file.type || 'application/octet-stream' };
  const made = (await (uploadUrl
    ? (await send(given ?? fetch, uploadUrl, { method: 'POST', headers, body: form, signal })).json()
    : api.json({ type: 'attachments.create', params }, signal))) as Created;
  try {
    if (!uploadUrl) {
      const { url, method, headers } = made.upload_descriptor ?? {
        url: made.upload_url ?? '',
        method: 'POST',
        headers: {},
      };
      // By the plain fetch: the address carries its own permission, and a host's headers are not for the storage.
      await send(fetch, url, { method, headers, body: method === 'PUT' ? file : form, signal });
    }
    // A host's own fetch may ignore the signal.
    signal.throwIfAborted();
    return made;
  } catch (error) {
    deleteAttachment(api, made.id).catch(() => undefined);
    throw error;
  }
}

/** Nothing waits for it, so it has a signal of its own. */
export async function deleteAttachment({ json }: Api, id: string): Promise<void> {
  await json({ type: 'attachments.delete', params: { attachment_id: id } }, new AbortController().signal);
}
