// The part of the standard's interface that the workloads use, so that one client program serves every competitor.

export interface MessageEventLike {
  readonly data: string | ArrayBuffer;
}

export interface WebSocketLike {
  binaryType: string;
  readonly extensions: string;
  readonly readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: MessageEventLike) => void) | null;
  onerror: ((event: unknown) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export type OpenWebSocket = (url: string) => WebSocketLike;

/** An `error` event carries its cause where the competitor lets one know it. */
export function reasonOf(event: unknown): string {
  const { error, message } = event as { error?: { message?: unknown } | null; message?: unknown };
  return String(error?.message ?? message ?? "connection failed");
}
