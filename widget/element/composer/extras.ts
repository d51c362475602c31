// Loaded once a conversation has something to reply to, or the options ask for more than text.
export { editDraft } from './edit-draft.ts';
export { Layers } from './layers.tsx';
export { QuotePreview } from './quote-preview.tsx';
export { TagBackdrop } from './tag-backdrop.tsx';
export { Toolbar } from './toolbar.tsx';
