import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { WidgetRoot } from '../../../protocol/widget.ts';
import { Environment, type Node, parse, tokenize } from './jinja.ts';
import { TemplateInterpreter, toRuntimeValue } from './template-interpreter.ts';
import { toWireWidget } from './wire-widget.ts';

const definition = z.object({
  version: z.literal('1.0', { error: 'must be "1.0"' }),
  name: z.string(),
  template: z.string(),
});
const root = z.object({ type: z.enum(['Card', 'ListView', 'Basic']) });

/** Words of Jinja, not variables: data of the same name does not change them. */
const CONSTANTS = { true: true, false: false, none: null, True: true, False: false, None: null };

/**
 * A `.widget` file: a Jinja template that renders data to the JSON of a widget. It is parsed once and builds any number
 * of widgets; every error of it names the template.
 */
export class WidgetTemplate {
  readonly name: string;
  readonly #program: Node;

  /** Takes the parsed JSON of the file. Throws when it is no such file, or its template cannot be parsed. */
  constructor(json: unknown) {
    const { data, error } = definition.safeParse(json);
    if (!data) {
      const issues = error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
      throw new Error(`not a widget template: ${issues.join('; ')}`);
    }
    this.name = data.name;
    try {
      this.#program = parse(tokenize(data.template));
    } catch (cause) {
      // At the end of the tokens the parser reads on and trips: a TypeError is all that it says of it.
      const isCutShort = cause instanceof TypeError;
      throw this.#error(isCutShort ? 'the template ends inside a block or a tag' : toMessage(cause), cause);
    }
  }

  static async fromFile(path: string | URL): Promise<WidgetTemplate> {
    const text = await readFile(path, 'utf8');
    try {
      return new WidgetTemplate(JSON.parse(text));
    } catch (cause) {
      throw new Error(`${path}: ${toMessage(cause)}`, { cause });
    }
  }

  /**
   * The widget for this data, which is read as JSON reads it: dates are strings, undefined props are absent. Nulls of
   * the widget are dropped. Throws when the template uses what the data does not have, fails in another way, or renders
   * to something else than a widget root; the rendered text is the `cause` then, and never in the message, which may
   * be logged.
   */
  build(data: object = {}): WidgetRoot {
    const text = this.#render(JSON.parse(JSON.stringify(data)));
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      throw this.#error('it renders to text that is not JSON', text);
    }
    if (!isRoot(json)) throw this.#error('its root is not a Card, a ListView or a Basic', text);
    return toWireWidget(json);
  }

  #render(data: Record<string, unknown>): string {
    const environment = new Environment();
    for (const [name, value] of Object.entries({ ...data, ...CONSTANTS }))
      environment.setVariable(name, toRuntimeValue(value));
    try {
      return new TemplateInterpreter(environment).run(this.#program).toString();
    } catch (cause) {
      throw this.#error(toMessage(cause), cause);
    }
  }

  #error(message: string, cause: unknown): Error {
    return new Error(`widget template "${this.name}": ${message}`, { cause });
  }
}

function isRoot(json: unknown): json is WidgetRoot {
  return root.safeParse(json).success;
}

function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
