import type { Socket } from "node:net";

/** What a peer does with a connection, from the end of the opening handshake on. */
export type Behaviour = (socket: Socket) => void;

/** By the path that the client asked for. */
export type Behaviours = Readonly<Record<string, Behaviour>>;
