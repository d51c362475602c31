/**
 * What of ours means the same as an exception of the reference: the codes of refusals, and the names of errors that are
 * thrown to whoever called.
 */
const MEANS: Record<string, string[]> = {
  // A cursor is a parameter: one that is not of the list makes the request invalid.
  NotFoundError: ['not_found', 'invalid_request'],
  ValidationError: ['invalid_request', 'unknown_request_type', 'message_too_long', 'Error'],
  ValueError: ['invalid_request', 'not_pending', 'Error'],
  TypeError: ['Error'],
  UndefinedError: ['Error'],
  TemplateSyntaxError: ['Error'],
  JSONDecodeError: ['Error'],
  IndexError: ['RangeError'],
  RuntimeError: ['not_configured', 'RuntimeError'],
  NotImplementedError: ['not_implemented', 'not_configured'],
  InputGuardrailTripwireTriggered: ['InputGuardrailTripwireTriggered'],
  OutputGuardrailTripwireTriggered: ['OutputGuardrailTripwireTriggered'],
};

export function isSameError(theirs: string, ours: string): boolean {
  return Object.hasOwn(MEANS, theirs) && MEANS[theirs]?.includes(ours) === true;
}
