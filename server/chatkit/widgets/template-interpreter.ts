import { isDeepStrictEqual } from 'node:util';
import { Environment, Interpreter, type Node, type Value } from './jinja.ts';

/**
 * Jinja as Python runs it, where the library is laxer. What is undefined is an error that names it, except where Jinja
 * allows it: before `default(…)` and `is …`, and in `set`, whose variable is then undefined itself. `==` compares what
 * values hold, and never takes `0` for `""`; `~` joins any two values; lists have `append`.
 */
export class TemplateInterpreter extends Interpreter {
  /** Nodes whose value may be undefined. */
  readonly #tolerated = new WeakSet<Node>();
  /** What an undefined value was looked up as: `set` may have given it to a variable of another name. */
  readonly #origins = new WeakMap<Value, string>();

  override evaluate(node: Node | undefined, environment: InstanceType<typeof Environment>): Value {
    const value = (node && this.#evaluate(node, environment)) ?? toRuntimeValue(undefined);
    if (!node || value.type !== 'UndefinedValue') return value;
    const origin = this.#origins.get(value) ?? describe(node);
    if (!this.#tolerated.has(node)) throw new Error(`${origin} is undefined`);
    this.#origins.set(value, origin);
    return value;
  }

  #evaluate(node: Node, environment: InstanceType<typeof Environment>): Value | undefined {
    switch (node.type) {
      case 'TestExpression':
        this.#tolerate(node.operand);
        break;
      case 'FilterExpression':
        if (nameOf(node.filter) === 'default') this.#tolerate(node.operand, ...argumentsOf(node.filter));
        if (nameOf(node.filter) === 'map') return withoutHoles(super.evaluate(node, environment), node);
        break;
      case 'Set':
        if (node.value) this.#tolerate(node.value);
        break;
      case 'Ternary':
        if (this.#tolerated.has(node)) this.#tolerate(node.trueExpr, node.falseExpr);
        break;
      case 'BinaryExpression': {
        const operate = OPERATORS[node.operator.value];
        if (!operate) break;
        const left = this.evaluate(node.left, environment);
        return toRuntimeValue(operate(left, this.evaluate(node.right, environment)));
      }
      case 'CallExpression': {
        if (node.callee.type !== 'MemberExpression' || nameOf(node.callee.property) !== 'append') break;
        const list = this.evaluate(node.callee.object, environment).value;
        const [item, ...more] = node.args;
        if (!Array.isArray(list) || !item || more.length > 0)
          throw new Error('append takes one item, and only to a list');
        list.push(this.evaluate(item, environment));
        return toRuntimeValue(null);
      }
      default:
        break;
    }
    return super.evaluate(node, environment);
  }

  #tolerate(...nodes: Node[]): void {
    for (const node of nodes) this.#tolerated.add(node);
  }
}

/** What `map(attribute=…)` does not find would be a null in JSON and nothing in text. */
function withoutHoles(list: Value | undefined, node: Node): Value | undefined {
  if (Array.isArray(list?.value) && list.value.some(({ type }) => type === 'UndefinedValue'))
    throw new Error(`an item of ${describe(node)} is undefined`);
  return list;
}

/** A value of JavaScript as templates have it: the library exports no other way. */
export function toRuntimeValue(value: unknown): Value {
  return new Environment().set('value', value);
}

const OPERATORS: Partial<Record<string, (left: Value, right: Value) => string | boolean>> = {
  '==': (left, right) => isDeepStrictEqual(toComparable(left), toComparable(right)),
  '!=': (left, right) => !isDeepStrictEqual(toComparable(left), toComparable(right)),
  '~': (left, right) => toText(left) + toText(right),
};

/** As Python compares: `true` equals 1, lists and dicts equal by what they hold. */
function toComparable({ value }: Value): unknown {
  // Adding 0 makes 0 of -0.
  if (typeof value === 'boolean' || typeof value === 'number') return Number(value) + 0;
  if (Array.isArray(value)) return value.map(toComparable);
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, toComparable(inner)]));
  return value;
}

/** As Python writes it: `None`, `True` and `False` begin with a capital. */
function toText(value: Value): string {
  if (value.type === 'NullValue') return 'None';
  if (typeof value.value === 'boolean') return value.value ? 'True' : 'False';
  return value.toString();
}

function nameOf(node: Node): string | undefined {
  if (node.type === 'CallExpression') return nameOf(node.callee);
  return node.type === 'Identifier' ? node.value : undefined;
}

function argumentsOf(node: Node): Node[] {
  return node.type === 'CallExpression' ? node.args : [];
}

/** The expression in the words of its template, as far as its author needs them to find it. */
function describe(node: Node): string {
  switch (node.type) {
    case 'Identifier':
    case 'MemberExpression':
    case 'FilterExpression':
      return `'${pathOf(node)}'`;
    case 'SelectExpression':
      return 'an inline if without else';
    default:
      return 'an expression';
  }
}

function pathOf(node: Node): string {
  if (node.type === 'StringLiteral' || node.type === 'IntegerLiteral') return JSON.stringify(node.value);
  if (node.type === 'FilterExpression') return `${pathOf(node.operand)}|${nameOf(node.filter)}`;
  if (node.type !== 'MemberExpression') return nameOf(node) ?? '…';
  return node.computed
    ? `${pathOf(node.object)}[${pathOf(node.property)}]`
    : `${pathOf(node.object)}.${pathOf(node.property)}`;
}
