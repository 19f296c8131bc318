/** [IDL] names the exceptions of the platform; the messages are ours, and say which value was wrong. */
export function syntaxError(message: string): DOMException {
  return new DOMException(message, "SyntaxError");
}

export function invalidAccessError(message: string): DOMException {
  return new DOMException(message, "InvalidAccessError");
}

export function invalidStateError(message: string): DOMException {
  return new DOMException(message, "InvalidStateError");
}

/** A value for a message: strings in quotation marks, nothing longer than a line. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
