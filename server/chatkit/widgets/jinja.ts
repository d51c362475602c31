import * as library from '@huggingface/jinja';

/** A value while a template runs. */
export interface Value {
  type: string;
  value: string | number | boolean | null | undefined | Value[] | Map<string, Value> | ((...args: never) => Value);
  toString(): string;
}

/** The variables of one scope. */
interface Environment {
  /** Gives the variable a value of JavaScript; throws if it has one. Returns the value as templates have it. */
  set(name: string, value: unknown): Value;
  setVariable(name: string, value: Value): void;
}

/** The nodes of a parsed template that we look at. There are more. */
export type Node =
  | { type: 'Identifier'; value: string }
  | { type: 'StringLiteral' | 'IntegerLiteral'; value: string | number }
  | { type: 'MemberExpression'; object: Node; property: Node; computed: boolean }
  | { type: 'CallExpression'; callee: Node; args: Node[] }
  | { type: 'BinaryExpression'; operator: { value: string }; left: Node; right: Node }
  | { type: 'FilterExpression'; operand: Node; filter: Node }
  | { type: 'TestExpression'; operand: Node }
  | { type: 'Ternary'; trueExpr: Node; falseExpr: Node }
  | { type: 'SelectExpression' }
  | { type: 'Set'; value: Node | null }
  | { type: 'Program' };

interface Interpreter {
  run(program: Node): Value;
  /**
   * The value of a node, whose parts are evaluated by this method too. No node is the absent bound of a slice; no value
   * is that of `first` and `last` of an empty list.
   */
  evaluate(node: Node | undefined, environment: Environment): Value | undefined;
}

/**
 * What we use of the Jinja library, typed here: its own declarations import each other without file extensions, so that
 * TypeScript, which resolves as Node does, sees nothing of them.
 */
interface Jinja {
  tokenize: (template: string) => object[];
  parse: (tokens: object[]) => Node;
  Environment: new () => Environment;
  Interpreter: new (global: Environment) => Interpreter;
}

export const { tokenize, parse, Environment, Interpreter }: Jinja = library;
