import { z } from 'zod';
import { completeAttachment, completeItem, completeThread } from './as-the-models.ts';

const rows = z.array(z.looseObject({ id: z.string() })).default([]);

/** What is stored before a transcript begins. */
export const SEED = z
  .strictObject({ threads: rows, items: rows, attachments: rows })
  .prefault({})
  .transform(({ threads, items, attachments }) => ({
    threads: threads.map(completeThread),
    items: items.map(completeItem),
    attachments: attachments.map(completeAttachment),
  }));
