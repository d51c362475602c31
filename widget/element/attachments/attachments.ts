// Loaded with the first file of a draft or of a message.
export { AttachmentTiles } from './attachment-tiles.tsx';
export { createDraftAttachments } from './draft-attachments.ts';
export { MessageAttachments } from './message-attachments.tsx';
