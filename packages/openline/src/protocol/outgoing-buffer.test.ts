import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { OutgoingBuffer, type Segment } from "./outgoing-buffer.js";

const noNetwork = { flush() {} };

function write(buffer: OutgoingBuffer, text: string): void {
  const position = buffer.reserve(text.length);
  buffer.bytes.latin1Write(text, position, text.length);
}

function read(segments: readonly Segment[]): string {
  return segments.map(({ bytes }) => bytes.toString("latin1")).join("");
}

function release(segments: readonly Segment[]): void {
  for (const segment of segments) segment.release();
}

describe("OutgoingBuffer", () => {
  it("hands all that one connection wrote over as one segment, once", () => {
    const buffer = new OutgoingBuffer(noNetwork);
    assert.ok(buffer.isEmpty);
    assert.deepEqual(buffer.takeSegments(), []);
    write(buffer, "one ");
    write(buffer, "two");
    assert.ok(!buffer.isEmpty);
    const segments = buffer.takeSegments();
    assert.equal(segments.length, 1);
    assert.equal(read(segments), "one two");
    assert.ok(buffer.isEmpty);
    assert.deepEqual(buffer.takeSegments(), []);
    release(segments);
  });

  it("keeps what two connections write in turn apart, each in its order", () => {
    const a = new OutgoingBuffer(noNetwork);
    const b = new OutgoingBuffer(noNetwork);
    for (const part of ["1", "22", "333"]) {
      write(a, `a${part}`);
      write(b, `b${part}`);
    }
    const segments = [a.takeSegments(), b.takeSegments()];
    assert.deepEqual(segments.map(read), ["a1a22a333", "b1b22b333"]);
    segments.forEach(release);
  });

  it("masks what has been reserved, in slabs for SIMD and in those beyond, and nothing outside", () => {
    const held: Segment[] = [];
    // Nothing is released, so that there are more slabs than those for SIMD.
    for (let i = 0; i < 12; i++) {
      const buffer = new OutgoingBuffer({ flush() {} });
      for (const [length, key] of [
        [100_000, 0x01020304],
        [10, -1],
      ] as const) {
        const text = "x".repeat(length);
        for (let taken = 0; taken < length; taken += 50_000) {
          const size = Math.min(50_000, length - taken);
          const position = buffer.reserve(size);
          buffer.bytes.latin1Write(text, position, size);
          buffer.mask(position, position + size, key);
        }
      }
      held.push(...buffer.takeSegments());
    }
    const written = Buffer.concat(held.map(({ bytes }) => bytes));
    const expected = Buffer.alloc(100_010, Uint8Array.of(4, 3, 2, 1));
    expected.fill(0xff, 100_000);
    for (let i = 0; i < expected.length; i++) expected[i] = (expected[i] as number) ^ 0x78;
    assert.equal(written.length, 12 * expected.length);
    for (let i = 0; i < 12; i++) {
      assert.ok(written.subarray(i * expected.length, (i + 1) * expected.length).equals(expected));
    }
    release(held);
  });

  it("begins anew in the same memory once all is released", () => {
    const buffer = new OutgoingBuffer(noNetwork);
    const places = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      write(buffer, "x".repeat(1000));
      const segments = buffer.takeSegments();
      places.add(segments[0]?.bytes.byteOffset ?? -1);
      release(segments);
    }
    assert.equal(places.size, 1);
  });

  it("asks for a flush before more than 128 KiB wait", () => {
    let flushes = 0;
    const buffer: OutgoingBuffer = new OutgoingBuffer({
      flush() {
        flushes++;
        const segments = buffer.takeSegments();
        assert.ok(read(segments).length <= 128 * 1024);
        release(segments);
      },
    });
    for (let i = 0; i < 128; i++) write(buffer, "x".repeat(1024));
    assert.equal(flushes, 0);
    write(buffer, "y");
    assert.equal(flushes, 1);
    const rest = buffer.takeSegments();
    assert.equal(read(rest), "y");
    release(rest);
  });

  it("grows beyond one slab when nobody takes the bytes", () => {
    const buffer = new OutgoingBuffer(noNetwork);
    const parts = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(50_000));
    for (const part of parts) write(buffer, part);
    const segments = buffer.takeSegments();
    assert.equal(read(segments), parts.join(""));
    release(segments);
  });

  it("never gives memory twice, whatever the order of writes, takes and releases", () => {
    const step = fc.record({
      connection: fc.nat(2),
      action: fc.constantFrom("write", "write", "write", "take", "release"),
      size: fc.oneof(fc.nat(50), fc.nat(OutgoingBuffer.maxReservation)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
        const lines = Array.from({ length: 3 }, () => {
          const taken: (readonly Segment[])[] = [];
          let output = "";
          const buffer: OutgoingBuffer = new OutgoingBuffer({
            flush: () => void taken.push(buffer.takeSegments()),
          });
          return {
            buffer,
            taken,
            expected: "",
            release() {
              const segments = taken.shift() ?? [];
              output += read(segments);
              release(segments);
            },
            get output() {
              return output;
            },
          };
        });
        let letter = 0;
        for (const { connection, action, size } of steps) {
          const line = lines[connection];
          assert.ok(line);
          if (action === "take") line.taken.push(line.buffer.takeSegments());
          else if (action === "release") line.release();
          else {
            const text = String.fromCharCode(33 + (letter++ % 90)).repeat(size);
            line.expected += text;
            write(line.buffer, text);
          }
        }
        for (const line of lines) {
          line.taken.push(line.buffer.takeSegments());
          while (line.taken.length > 0) line.release();
          assert.ok(line.output === line.expected, "each connection's bytes arrive as they were written");
        }
      }),
    );
  });
});
