// Constants in a file of their own, since a minifier puts those in place where they are used.

// The values of `readyState`. [WS] 3.1
export const CONNECTING = 0;
export const OPEN = 1;
export const CLOSING = 2;
export const CLOSED = 3;

// The phases of a ReconnectingWebSocket. Before Opening it is CONNECTING, before Closing OPEN.
/** A delay runs. */
export const Waiting = 0;
/** An attempt is under way. */
export const Attempting = 1;
/** The connection is closing, and another one will be opened. */
export const Replacing = 2;
/** The connection is open, and `onOpen` is at work. */
export const Opening = 3;
/** Messages go out at once. */
export const Up = 4;
/** The page is offline; the connection may live on. */
export const Suspended = 5;
/** The connection is closing for good. */
export const Closing = 6;
export const Over = 7;

export type Phase = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
