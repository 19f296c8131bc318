import { isToken } from "./http-header.js";

/** One extension of a `Sec-WebSocket-Extensions` header, parameters in their order. */
export interface Extension {
  readonly name: string;
  readonly parameters: readonly ExtensionParameter[];
}

export interface ExtensionParameter {
  readonly name: string;
  /** Absent where the parameter stands alone. */
  readonly value?: string;
}

/** A quoted string without the commas and semicolons inside it being taken for separators. */
const item = /(?:[^",;]|"(?:[^"\\]|\\.)*")*/y;

/** Reads a `Sec-WebSocket-Extensions` header; `undefined` where its grammar is broken. [6455] 9.1 */
export function parseExtensions(value: string): Extension[] | undefined {
  const extensions: Extension[] = [];
  let position = 0;
  for (;;) {
    const extension = { name: "", parameters: [] as ExtensionParameter[] };
    for (let first = true; ; first = false) {
      item.lastIndex = position;
      const text = item.exec(value)?.[0] ?? "";
      position += text.length;
      if (first) {
        extension.name = text.trim();
        if (!isToken(extension.name)) return undefined;
      } else {
        const parameter = parseParameter(text);
        if (parameter === undefined) return undefined;
        extension.parameters.push(parameter);
      }
      if (value[position] !== ";") break;
      position++;
    }
    extensions.push(extension);
    if (position === value.length) return extensions;
    // An open quotation mark ends an item where no separator stands.
    if (value[position] !== ",") return undefined;
    position++;
  }
}

function parseParameter(text: string): ExtensionParameter | undefined {
  const equals = text.indexOf("=");
  const name = (equals < 0 ? text : text.slice(0, equals)).trim();
  if (!isToken(name)) return undefined;
  if (equals < 0) return { name };
  let value = text.slice(equals + 1).trim();
  if (value.startsWith('"')) {
    if (value.length < 2 || !value.endsWith('"')) return undefined;
    value = value.slice(1, -1).replace(/\\(.)/g, "$1");
  }
  // Also what stands in quotation marks has to be a token.
  return isToken(value) ? { name, value } : undefined;
}

/** Writes extensions the way they stand in the header. */
export function serializeExtensions(extensions: readonly Extension[]): string {
  return extensions
    .map(({ name, parameters }) => [name, ...parameters.map(serializeParameter)].join("; "))
    .join(", ");
}

function serializeParameter({ name, value }: ExtensionParameter): string {
  return value === undefined ? name : `${name}=${value}`;
}
