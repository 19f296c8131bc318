import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { Outcome, Role, Step, WireCase } from "./case.js";
import { close, ping } from "./case.js";
import { type Connection, connect } from "./connect.js";
import { Opcode, toBytes } from "./peer/frame-codec.js";
import { type Data, describe } from "./peer/raw-peer.js";
import type { CloseRecord } from "./recorder.js";
import type { Subject } from "./subject/subject.js";

/** Runs one case with the subject in `role`. */
export async function runCase(subject: Subject, role: Role, wireCase: WireCase): Promise<void> {
  const connection = await connect(subject, role, wireCase.options ?? {}, wireCase.deflate);
  let seen: CloseRecord | undefined;
  try {
    const echoes: Data[] = [];
    for (const step of wireCase.steps) await runStep(connection, step, echoes);
    await checkOutcome(connection, role, wireCase.outcome, subject.ownErrorCodes);
    await setImmediate(); // a turn for tasks that were due already, so that an event too many is seen
    checkEvents(connection, wireCase, role);
    if (role === "client") checkMaskKeys(connection.peer.maskKeys);
  } finally {
    seen = await connection.dispose();
  }
  if (seen !== undefined && role === "client") assert.deepEqual(seen, await connection.recorder.close());
}

async function runStep({ peer, object, recorder }: Connection, step: Step, echoes: Data[]): Promise<void> {
  switch (step.step) {
    case "send":
      return peer.send(step.frames, step.cut);
    case "send compressed": {
      const { fragmentSize, between = [], cut, refersBack } = step.how;
      const frames = peer.compress(step.data, fragmentSize);
      if (refersBack !== undefined) assert.equal(peer.referredBack, refersBack, "the case's own message");
      return peer.send(
        frames.flatMap((frame) => (frame.fin === false ? [frame, ...between] : [frame])),
        cut,
      );
    }
    case "receive frame": {
      const what = `opcode ${step.opcode}`;
      const frame = await peer.readFrame(what);
      assert.ok(frame, `the connection ended instead of ${what}`);
      assert.equal(frame.opcode, step.opcode, `${describe(frame)} instead of ${what}`);
      return assertSame(
        frame.opcode === Opcode.Text ? frame.payload.toString() : frame.payload,
        toBytes(step.payload),
      );
    }
    case "receive message": {
      const message = await peer.readMessage(`a message of ${toBytes(step.data).length} bytes`);
      assertSame(message.data, step.data);
      echoes.push(step.data);
      const { compressed, refersBack } = step.how;
      if (compressed !== undefined) assert.equal(message.compressed, compressed, "compressed");
      if (refersBack !== undefined)
        assert.equal(message.referredBack, refersBack, "refers to an earlier message");
      return;
    }
    case "object sends":
      return object.send(typeof step.data === "string" ? step.data : new Uint8Array(step.data));
    case "object closes":
      return object.close(step.code, step.reason);
    case "peer stops reading":
      return peer.channel.pause();
    case "peer reads again":
      return peer.channel.resume();
    case "peer sends pings without end": {
      const pings = Array.from({ length: 1000 }, () => ping(Buffer.alloc(125)));
      for (let sent = 0; !peer.channel.ended && !recorder.order.includes("close"); sent += pings.length) {
        assert.ok(sent < 1_000_000, "125 MB of pings were taken, and no pong was read");
        await peer.send(pings);
        await setImmediate();
      }
      return;
    }
    case "peer ends":
      return peer.channel.end();
    case "peer resets":
      return peer.channel.reset();
  }
}

function assertSame(actual: Data, expected: Data): void {
  assert.equal(typeof actual, typeof expected, "text stays text, binary stays binary");
  // Not deepEqual: its message for megabytes of difference would take minutes.
  const [a, b] = [toBytes(actual), toBytes(expected)];
  const first = a.findIndex((byte, at) => byte !== b[at]);
  assert.ok(a.equals(b), `${a.length} bytes instead of ${b.length}, first difference at ${first}`);
}

async function checkOutcome(
  { peer, recorder }: Connection,
  role: Role,
  outcome: Outcome,
  ownErrorCodes: boolean,
): Promise<void> {
  switch (outcome.outcome) {
    case "goes on": {
      await peer.send([ping("still there?")]);
      const frame = await peer.readFrame("the last pong");
      assert.equal(frame?.opcode, Opcode.Pong, frame ? describe(frame) : "the connection ended");
      assert.equal(frame.payload.toString(), "still there?");
      await peer.send([close(1000, "done")]);
      return checkClose({ outcome: "closes", answer: 1000, code: 1000, reason: "done" });
    }
    case "fails": {
      const frame = await peer.readFrame("the close frame");
      assert.ok(frame, "the connection ended without a close frame");
      assert.equal(frame.opcode, Opcode.Close, `${describe(frame)} instead of the close frame`);
      assert.equal(frame.payload.readUInt16BE(0), outcome.closeCode, "close code sent");
      assert.equal(await peer.readFrame("the end of the connection"), null, "nothing after the close frame");
      assert.deepEqual(await recorder.close(), { code: 1006, reason: "", wasClean: false });
      checkError(outcome.errors);
      return;
    }
    case "closes":
      return checkClose(outcome);
    case "is cut": {
      peer.channel.resume();
      assert.deepEqual(await recorder.close(), { code: 1006, reason: "", wasClean: false });
      if (outcome.errors !== undefined) checkError(outcome.errors);
      return;
    }
  }

  function checkError(errors: readonly string[]): void {
    assert.ok(recorder.error, "an error event with an error");
    const { code, message } = recorder.error;
    assert.ok(String(message).length > 0, "the error says what was wrong");
    if (ownErrorCodes) assert.ok(errors.includes(String(code)), `error ${String(code)}: ${String(message)}`);
  }

  async function checkClose(expected: Extract<Outcome, { outcome: "closes" }>): Promise<void> {
    if (expected.answer !== "sent already") {
      const frame = await peer.readFrame("the close frame");
      assert.equal(frame?.opcode, Opcode.Close, frame ? describe(frame) : "the connection ended");
      const code = frame.payload.length > 0 ? frame.payload.readUInt16BE(0) : null;
      assert.equal(code, expected.answer, "close code answered");
    }
    // [6455] 7.1.1: the server ends the TCP connection first.
    if (role === "client") peer.channel.end();
    assert.equal(await peer.readFrame("the end of the connection"), null, "nothing after the close frame");
    const { code, reason } = expected;
    assert.deepEqual(await recorder.close(), { code, reason, wasClean: true });
    assert.equal(
      recorder.order.includes("error"),
      false,
      `no error event, but ${String(recorder.error?.message)}`,
    );
  }
}

/** One `open`, then the messages that the case looked for and no other, one `error` at most, and one `close`. */
function checkEvents({ recorder, object }: Connection, wireCase: WireCase, role: Role): void {
  const echoed = wireCase.steps.filter((step) => step.step === "receive message").length;
  const own = wireCase.steps.filter((step) => step.step === "object sends").length;
  const order = [
    ...(role === "client" ? ["open"] : []),
    ...new Array<string>(echoed - own).fill("message"),
    ...(recorder.error === undefined ? [] : ["error"]),
    "close",
  ];
  assert.deepEqual(recorder.order, order);
  assert.equal(object.readyState, 3);
}

function checkMaskKeys(keys: readonly number[]): void {
  // Three in a hundred equal by chance has a probability below 1e-15; a fixed key is always caught.
  if (keys.length >= 4)
    assert.ok(new Set(keys).size > keys.length * 0.9, "a mask key of its own for each frame");
}
