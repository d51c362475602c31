import { late } from './late.tsx';
import type { WidgetPreviewProps } from './widget-preview.tsx';

/** The place of a page's preview: what draws it comes with the first one. */
export const WidgetPreviewSlot = late<WidgetPreviewProps>(
  () => import('./widget-preview.tsx').then(({ WidgetPreview }) => WidgetPreview),
  () => null,
);
