import { continuation, echoed, fails, ping, type Step, send, sendCut, text, type WireCase } from "../case.js";

const RESERVED = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];

function places(opcode: number): Record<string, Step[]> {
  const afterMessage = [text("Hello"), { opcode, payload: "Hello" }, ping("late")];
  return {
    empty: [send({ opcode })],
    payload: [send({ opcode, payload: "reserved opcode" })],
    "no-fin": [send({ opcode, payload: "reserved opcode", fin: false })],
    "header-alone": [send({ opcode, declaredLength: 100 })],
    "after-message/one-packet": [send(...afterMessage), echoed("Hello")],
    "after-message/packet-each": [...afterMessage.map((frame) => send(frame)), echoed("Hello")],
    "after-message/byte-by-byte": [sendCut(1, ...afterMessage), echoed("Hello")],
    "between-fragments": [send(text("Hel", { fin: false }), { opcode }, continuation("lo"))],
  };
}

export const opcodes: readonly WireCase[] = RESERVED.flatMap((opcode) =>
  Object.entries(places(opcode)).map(([place, steps]) => ({
    id: `opcodes/${opcode}/${place}`,
    section: "[6455] 5.2",
    shows: `the reserved ${opcode < 8 ? "non-control" : "control"} opcode ${opcode} is refused: ${place}`,
    steps,
    outcome: fails(1002, "ERR_WS_UNKNOWN_OPCODE"),
  })),
);
