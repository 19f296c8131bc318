/** What somebody who follows a connection through a `FaultyProxy` has to say to a request. */
export interface InPlaceOfServer {
  /** The HTTP answer that the client gets in the server's place; then the connection ends. */
  readonly answer: Uint8Array;
}

/** Follows one connection through a `FaultyProxy`. What is held, delayed or lost has not passed. */
export interface PassageObserver {
  /** Bytes of the client are about to pass. @returns what reaches the server in their place. */
  toServer(bytes: Buffer): Uint8Array | InPlaceOfServer;
  /** Bytes of the server are about to pass, or those of a fault in its place. */
  toClient(bytes: Uint8Array): void;
  /** Both ends are gone. @param error what the network has said first, if it has. */
  ended(error: Error | undefined): void;
}
