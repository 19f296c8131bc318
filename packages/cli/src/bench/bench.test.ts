import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { runCommand } from "../testing-support/command.test.support.js";
import { echoServer, secureEchoServer } from "../testing-support/peers.test.support.js";
import { measure, type Report } from "./measure.test.support.js";

const echo = await echoServer({ after });

describe("openline bench", () => {
  it("prints tables of what it has measured", async () => {
    const { code, stdout, stderr } = await runCommand(["bench", echo.url, "-d", "0.3"]);
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.match(stdout, /│ opened +│ +10 │ of 10 │/);
    assert.match(stdout, /│ sent +│ +[\d,]+ │ +[\d,]+ │ +[\d.]+ [kMG]?B │/);
    assert.match(stdout, /│ replies +│ +[\d,]+ │ +[\d,]+ │ +[\d.]+ [kMG]?B │/);
    assert.match(stdout, /│ time +│ p50 +│ p90 +│ p99 +│ p99\.9 +│ max +│/);
    assert.match(stdout, /│ round trip +│( +[\d.,]+ (µs|ms|s) │){5}/);
    assert.match(stdout, /│ handshake +│( +[\d.,]+ (µs|ms|s) │){5}/);
    assert.equal(stdout.includes("\x1b"), false);
  });

  it("counts each message and its reply", async () => {
    const seen = echo.sockets.length;
    const { code, report } = await measure(
      echo.url,
      "--connections",
      "7",
      "--workers",
      "3",
      "--in-flight",
      "4",
    );
    assert.equal(code, 0);
    assert.equal(echo.sockets.length - seen, 7);
    const { connections, messages } = report;
    assert.deepEqual(
      { ...connections, handshake: connections.handshake?.count },
      { wanted: 7, opened: 7, failed: 0, ended: 0, failures: [], endings: [], handshake: 7 },
    );
    assert.ok(messages.sent >= 7 * 4);
    assert.equal(messages.replies, messages.sent);
    const { unanswered, notSent, others, roundTrip } = messages;
    assert.deepEqual({ unanswered, notSent, others }, { unanswered: 0, notSent: 0, others: 0 });
    assert.ok(roundTrip !== null);
    assert.equal(roundTrip.count, messages.replies);
    const { min, p50, p90, p99, max } = roundTrip;
    assert.ok(0 < min && min <= p50 && p50 <= p90 && p90 <= p99 && p99 <= roundTrip["p99.9"]);
    assert.ok(roundTrip["p99.9"] <= max);
    assert.ok(messages.repliesPerSecond > 0);
  });

  it("closes its connections as it should", async (t) => {
    const codes: number[] = [];
    const server = await echoServer(t, (socket) => {
      socket.onclose = ({ code }) => codes.push(code);
      socket.onmessage = ({ data }) => socket.send(data as string);
    });
    await measure(server.url, "--connections", "3");
    assert.deepEqual(codes, [1000, 1000, 1000]);
  });

  it("sends what it is told to", async (t) => {
    const received = new Map<string, unknown>();
    const server = await echoServer(t, (socket, { url = "" }) => {
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => {
        received.set(url, data);
        socket.send(data as string);
      };
    });
    const cases = {
      text: { args: ["--message", "hello, 안녕"], isRight: (data: unknown) => data === "hello, 안녕" },
      default: { args: [], isRight: (data: unknown) => typeof data === "string" && data.length === 64 },
      size: { args: ["--size", "5000"], isRight: (data: unknown) => String(data).length === 5000 },
      empty: { args: ["--size", "0"], isRight: (data: unknown) => data === "" },
      binary: {
        args: ["--size", "70000", "--binary"],
        isRight: (data: unknown) => data instanceof ArrayBuffer && data.byteLength === 70_000,
      },
    };
    for (const [name, { args, isRight }] of Object.entries(cases)) {
      const { code, stderr, report } = await measure(`${server.url}${name}`, "-c", "1", ...args);
      assert.equal(code, 0, stderr);
      assert.ok(report.messages.replies > 0, name);
      assert.ok(isRight(received.get(`/${name}`)), name);
    }
  });

  it("sends on, however large the messages are", async (t) => {
    const enough = 12;
    const server = await echoServer(t, (socket) => {
      let messages = 0;
      socket.onmessage = ({ data }) => {
        messages += 1;
        if (messages === enough) socket.close(4000, "enough");
        else socket.send(data as string);
      };
    });
    const args = ["bench", server.url, "--json", "-c", "1", "-f", "4", "--size", "1500000"];
    const { stdout } = await runCommand([...args, "--no-deflate", "--duration", "3600"]);
    const { sent, notSent } = (JSON.parse(stdout) as Report).messages;
    assert.ok(sent >= enough);
    assert.equal(notSent, 0);
  });

  it("keeps to a rate", async () => {
    const { code, report } = await measure(echo.url, "--rate", "100", "--connections", "4", "--workers", "2");
    assert.equal(code, 0);
    const { sent, replies, notSent } = report.messages;
    // However slow this machine is: no more than was due, and what wasn't sent is told.
    assert.ok(sent > 0 && replies === sent);
    assert.ok(sent + notSent >= 26, `${sent} sent, ${notSent} not`);
  });

  it("--rate 0 opens connections and sends nothing", async () => {
    const { code, report } = await measure(echo.url, "--rate", "0", "--connections", "5");
    assert.equal(code, 0);
    assert.equal(report.connections.opened, 5);
    assert.equal(report.messages.sent, 0);
    assert.equal(report.messages.roundTrip, null);
  });

  it("times a message from when it was due, not from when there was room for it", async (t) => {
    const pauses = 200;
    // Answers nothing until the messages of 200 ms are due, then at once.
    const server = await echoServer(t, (socket) => {
      const waiting: string[] = [];
      let isSlow = true;
      socket.onmessage = ({ data }) => {
        if (!isSlow) socket.send(data as string);
        else if (waiting.push(data as string) === 1) {
          setTimeout(() => {
            isSlow = false;
            for (const message of waiting) socket.send(message);
          }, pauses);
        }
      };
    });
    // One message under way at most: all others of these 200 ms are held back, and waited all the same.
    const { code, stderr, report } = await measure(
      server.url,
      "-c",
      "1",
      "--rate",
      "1000",
      "--in-flight",
      "1",
    );
    assert.equal(code, 0, stderr);
    const { roundTrip } = report.messages;
    assert.ok(roundTrip !== null && roundTrip.count > 1);
    // Had the clock started at the sending, all but one would be short. The first third waited 100 ms or more.
    assert.ok(roundTrip.p90 > pauses / 4, `p90 is ${roundTrip.p90} ms`);
  });

  it("connects as its options say", async (t) => {
    const server = await secureEchoServer(t);
    const trusted = await measure(server.url, "--insecure", "-c", "2");
    assert.equal(trusted.code, 0, trusted.stderr);
    const { code, stderr, report } = await measure(server.url, "-c", "2");
    assert.equal(code, 1);
    assert.match(stderr, /^openline: 2 of 2 connections could not be opened: .*DEPTH_ZERO_SELF_SIGNED_CERT/);
    assert.equal(report.connections.failures[0]?.count, 2);
  });

  it("keeps credentials out of its results", async () => {
    const { report } = await measure(echo.url.replace("://", "://me:secret@"), "-c", "1");
    assert.equal(report.url, echo.url);
  });
});
