/**
 * Types of the actions of a card that asks for a decision. An element that knows them takes the first only from a
 * visitor who could see what it approves.
 */
export const APPROVE = 'pagewise.approve';
export const DECLINE = 'pagewise.decline';
