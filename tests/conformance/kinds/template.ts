import { z } from 'zod';
import { WidgetTemplate } from '../../../server/chatkit/widgets/widget-template.ts';
import type { JsonObject } from '../golden.ts';
import { readScript } from '../read-script.ts';

const TEMPLATE = z.looseObject({ definition: z.looseObject({}), data: z.looseObject({}).default({}) });

/** The widget that the template makes of the data, or the name of what it throws. */
export async function observeTemplate(golden: JsonObject): Promise<JsonObject> {
  const { definition, data } = readScript(TEMPLATE, golden);
  try {
    return { expected_widget: new WidgetTemplate(definition).build(data) as unknown as JsonObject };
  } catch (error) {
    return { expected_error: error instanceof Error ? error.constructor.name : String(error) };
  }
}
