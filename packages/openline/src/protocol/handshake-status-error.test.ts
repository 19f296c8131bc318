import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { HandshakeStatusError } from "./handshake-status-error.js";

test("a refused handshake tells status and headers, and prints no header", () => {
  const error = new HandshakeStatusError(503, 101, { "retry-after": "7", "set-cookie": ["session=s3cr3t"] });
  assert.equal(error.code, "ERR_WS_HANDSHAKE_STATUS");
  assert.equal(error.status, 503);
  assert.equal(error.headers["retry-after"], "7");
  assert.match(error.message, /status 503, not 101/);
  assert.doesNotMatch(inspect(error), /s3cr3t/);
});
