import type { ChatKitEvents, ChatKitOptions, OpenAIChatKit } from '@openai/chatkit';
import { expect, test } from 'vitest';
import { ChatKitElement } from '../../../widget/element/chatkit-element.tsx';
import type { Emit } from '../../../widget/element/state/chat-state.ts';

// What the published types say of an element is what ours says of itself. The types of this file are the check, so
// `npm run check` is where it fails; the test shows that they speak of a class which is really there.

type Is<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type IsAny<T> = 0 extends 1 & T ? true : false;
/** Compiles for `true` alone. */
type Holds<Claim extends true> = Claim;

type Method = Exclude<keyof OpenAIChatKit, keyof HTMLElement>;
/** Parameters are compared the strict way, which TypeScript leaves out for methods: ours takes all that theirs takes. */
type Takes<Name extends Method> =
  Parameters<OpenAIChatKit[Name]> extends Parameters<ChatKitElement[Name]> ? true : false;
type Untyped = {
  [Name in Method]: IsAny<Parameters<OpenAIChatKit[Name]>[0]> extends true ? Name : never;
}[Method];
type Misfit = {
  [Name in Method]: Takes<Name> extends true
    ? Is<ReturnType<ChatKitElement[Name]>, ReturnType<OpenAIChatKit[Name]>> extends true
      ? never
      : Name
    : Name;
}[Method];

type Checks = [
  // A declaration that cannot be resolved becomes `any`, and `any` passes whatever is asked of it.
  Holds<Is<Untyped, never>>,
  Holds<Is<IsAny<OpenAIChatKit>, false>>,
  Holds<Is<IsAny<ChatKitOptions['composer']>, false>>,
  Holds<Is<IsAny<ChatKitEvents['chatkit.effect']['detail']>, false>>,
  Holds<Is<Misfit, never>>,
  Holds<ChatKitElement extends OpenAIChatKit ? true : false>,
  // Every published event, with the published detail, is one that ours can emit.
  Holds<keyof ChatKitEvents extends Parameters<Emit>[0] ? true : false>,
];
const CHECKS: Checks = [true, true, true, true, true, true, true];

const METHODS: Record<Method, true> = {
  setOptions: true,
  focusComposer: true,
  setThreadId: true,
  sendCustomAction: true,
  sendUserMessage: true,
  setComposerValue: true,
  showHistory: true,
  hideHistory: true,
  fetchUpdates: true,
};

test('has every method of the published types', () => {
  const missing = Object.keys(METHODS).filter((name) => typeof ChatKitElement.prototype[name as Method] !== 'function');
  expect(missing).toEqual([]);
  expect(CHECKS).not.toContain(false);
});
