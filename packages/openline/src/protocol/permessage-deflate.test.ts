import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Extension, parseExtensions, serializeExtensions } from "./extension-header.js";
import {
  type AgreedDeflate,
  acceptOffer,
  buildOffer,
  checkAnswer,
  type PerMessageDeflateOptions,
} from "./permessage-deflate.js";

const defaults: AgreedDeflate = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

function parsed(header: string): Extension[] {
  const extensions = parseExtensions(header);
  assert.ok(extensions, header);
  return extensions;
}

/** `permessage-deflate` with the given parameters. */
function deflate(parameters: string): string {
  return parameters === "" ? "permessage-deflate" : `permessage-deflate; ${parameters}`;
}

function accept(offers: string, options: PerMessageDeflateOptions = {}) {
  const accepted = acceptOffer(parsed(offers), options);
  return accepted && { answer: serializeExtensions([accepted.answer]), agreed: accepted.agreed };
}

function check(parameters: string, options: PerMessageDeflateOptions = {}): AgreedDeflate | string {
  const [answer] = parsed(deflate(parameters));
  assert.ok(answer);
  return checkAnswer(answer, options);
}

/** Parameters that neither an offer nor an answer may have, and what is said of them. */
const wrong: [parameters: string, complaint: RegExp][] = [
  ["unknown", /unknown/],
  ["server_no_context_takeover=1", /server_no_context_takeover.*1/],
  ["client_no_context_takeover=true", /client_no_context_takeover.*true/],
  ['client_no_context_takeover="x"', /client_no_context_takeover.*x/],
  ["server_max_window_bits", /server_max_window_bits/],
  ...["7", "16", "0", "08", "010", "15.0", "8x", "-8", "1e1", "+9"].flatMap((bits): [string, RegExp][] => [
    [`server_max_window_bits=${bits}`, /server_max_window_bits.*8 to 15/],
    [`client_max_window_bits=${bits}`, /client_max_window_bits.*8 to 15/],
  ]),
  ["server_no_context_takeover; server_no_context_takeover", /server_no_context_takeover is repeated/],
  ["client_no_context_takeover; client_no_context_takeover", /client_no_context_takeover is repeated/],
  ["server_max_window_bits=9; server_max_window_bits=9", /server_max_window_bits is repeated/],
  ["client_max_window_bits=9; client_max_window_bits=10", /client_max_window_bits is repeated/],
  ["client_max_window_bits=9; client_max_window_bits", /client_max_window_bits is repeated/],
  ["SERVER_NO_CONTEXT_TAKEOVER", /SERVER_NO_CONTEXT_TAKEOVER/],
];

describe("buildOffer", () => {
  const offers: [PerMessageDeflateOptions, string][] = [
    [{}, "client_max_window_bits"],
    [{ serverNoContextTakeover: false, clientNoContextTakeover: false }, "client_max_window_bits"],
    [{ serverNoContextTakeover: true }, "server_no_context_takeover; client_max_window_bits"],
    [{ clientNoContextTakeover: true }, "client_no_context_takeover; client_max_window_bits"],
    [{ serverMaxWindowBits: 8 }, "server_max_window_bits=8; client_max_window_bits"],
    [{ clientMaxWindowBits: 15 }, "client_max_window_bits=15"],
    [
      {
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        serverMaxWindowBits: 10,
        clientMaxWindowBits: 9,
        threshold: 1,
        level: 2,
        memLevel: 3,
      },
      "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=9",
    ],
  ];
  for (const [options, parameters] of offers) {
    it(`offers ${parameters}`, () => {
      assert.equal(serializeExtensions([buildOffer(options)]), deflate(parameters));
    });
  }
});

describe("acceptOffer", () => {
  type Accepted = [
    offer: string,
    options: PerMessageDeflateOptions,
    answer: string,
    agreed: Partial<AgreedDeflate>,
  ];
  const accepted: Accepted[] = [
    ["", {}, "", {}],
    ["client_max_window_bits", {}, "", {}],
    ["client_max_window_bits=15", {}, "", {}],
    ["client_max_window_bits=10", {}, "client_max_window_bits=10", { clientMaxWindowBits: 10 }],
    [
      "client_max_window_bits",
      { clientMaxWindowBits: 9 },
      "client_max_window_bits=9",
      { clientMaxWindowBits: 9 },
    ],
    [
      "client_max_window_bits=8",
      { clientMaxWindowBits: 9 },
      "client_max_window_bits=8",
      { clientMaxWindowBits: 8 },
    ],
    [
      "client_max_window_bits=12",
      { clientMaxWindowBits: 9 },
      "client_max_window_bits=9",
      { clientMaxWindowBits: 9 },
    ],
    // A client that doesn't offer it wouldn't understand it.
    ["", { clientMaxWindowBits: 9 }, "", {}],
    ["server_max_window_bits=15", {}, "server_max_window_bits=15", {}],
    ["server_max_window_bits=8", {}, "server_max_window_bits=8", { serverMaxWindowBits: 8 }],
    ["", { serverMaxWindowBits: 11 }, "server_max_window_bits=11", { serverMaxWindowBits: 11 }],
    [
      "server_max_window_bits=12",
      { serverMaxWindowBits: 11 },
      "server_max_window_bits=11",
      { serverMaxWindowBits: 11 },
    ],
    [
      "server_max_window_bits=9",
      { serverMaxWindowBits: 11 },
      "server_max_window_bits=9",
      { serverMaxWindowBits: 9 },
    ],
    ["server_no_context_takeover", {}, "server_no_context_takeover", { serverNoContextTakeover: true }],
    ["", { serverNoContextTakeover: true }, "server_no_context_takeover", { serverNoContextTakeover: true }],
    ["client_no_context_takeover", {}, "client_no_context_takeover", { clientNoContextTakeover: true }],
    ["", { clientNoContextTakeover: true }, "client_no_context_takeover", { clientNoContextTakeover: true }],
  ];
  for (const [offer, options, answer, agreed] of accepted) {
    it(`answers "${offer}" with "${answer}" where the server has ${JSON.stringify(options)}`, () => {
      assert.deepEqual(accept(deflate(offer), options), {
        answer: deflate(answer),
        agreed: { ...defaults, ...agreed },
      });
    });
  }

  for (const [parameters] of wrong) {
    it(`declines "${parameters}", and takes the next offer`, () => {
      assert.equal(accept(deflate(parameters)), undefined);
      assert.equal(
        accept(`${deflate(parameters)}, ${deflate("server_max_window_bits=9")}, permessage-deflate`)?.answer,
        deflate("server_max_window_bits=9"),
      );
    });
  }

  it("declines other extensions", () => {
    assert.equal(accept("x-webkit-deflate-frame, permessage-bzip2"), undefined);
    assert.equal(accept("foo; bar=1, permessage-deflate")?.answer, "permessage-deflate");
  });
});

describe("checkAnswer", () => {
  type Good = [answer: string, options: PerMessageDeflateOptions, agreed: Partial<AgreedDeflate>];
  const good: Good[] = [
    ["", {}, {}],
    ["server_no_context_takeover", {}, { serverNoContextTakeover: true }],
    ["client_no_context_takeover", {}, { clientNoContextTakeover: true }],
    ["server_max_window_bits=8", {}, { serverMaxWindowBits: 8 }],
    ['server_max_window_bits="10"', {}, { serverMaxWindowBits: 10 }],
    ["server_max_window_bits=9", { serverMaxWindowBits: 10 }, { serverMaxWindowBits: 9 }],
    ["server_max_window_bits=10", { serverMaxWindowBits: 10 }, { serverMaxWindowBits: 10 }],
    ["client_max_window_bits=8", {}, { clientMaxWindowBits: 8 }],
    ["client_max_window_bits=15", {}, {}],
    ["client_max_window_bits=9", { clientMaxWindowBits: 10 }, { clientMaxWindowBits: 9 }],
    // What the client has said of itself, it does.
    ["", { clientMaxWindowBits: 10 }, { clientMaxWindowBits: 10 }],
    ["", { clientNoContextTakeover: true }, { clientNoContextTakeover: true }],
    ["server_no_context_takeover", { serverNoContextTakeover: true }, { serverNoContextTakeover: true }],
  ];
  for (const [answer, options, agreed] of good) {
    it(`takes "${answer}" after an offer of ${JSON.stringify(options)}`, () => {
      assert.deepEqual(check(answer, options), { ...defaults, ...agreed });
    });
  }

  const bad: [answer: string, options: PerMessageDeflateOptions, complaint: RegExp][] = [
    ...wrong.map(([parameters, complaint]): [string, PerMessageDeflateOptions, RegExp] => [
      parameters,
      {},
      complaint,
    ]),
    ["client_max_window_bits", {}, /client_max_window_bits/],
    ["", { serverNoContextTakeover: true }, /server_no_context_takeover/],
    ["", { serverMaxWindowBits: 15 }, /server_max_window_bits/],
    ["server_max_window_bits=11", { serverMaxWindowBits: 10 }, /server_max_window_bits=11.*10/],
    ["client_max_window_bits=11", { clientMaxWindowBits: 10 }, /client_max_window_bits=11.*10/],
  ];
  for (const [answer, options, complaint] of bad) {
    it(`refuses "${answer}" after an offer of ${JSON.stringify(options)}`, () => {
      const complained = check(answer, options);
      assert.ok(typeof complained === "string");
      assert.match(complained, complaint);
    });
  }
});

describe("a client and a server of any options", () => {
  const bits = fc.integer({ min: 8, max: 15 });
  const options: fc.Arbitrary<PerMessageDeflateOptions> = fc.record(
    {
      serverNoContextTakeover: fc.boolean(),
      clientNoContextTakeover: fc.boolean(),
      serverMaxWindowBits: bits,
      clientMaxWindowBits: bits,
    },
    { requiredKeys: [] },
  );

  it("agree, and each can decompress what the other sends", () => {
    fc.assert(
      fc.property(options, options, (client, server) => {
        const accepted = acceptOffer([buildOffer(client)], server);
        assert.ok(accepted);
        const answered = checkAnswer(accepted.answer, client);
        assert.ok(typeof answered === "object");
        // The client's own promises may go further than the server counts on, never less far.
        assert.equal(answered.serverNoContextTakeover, accepted.agreed.serverNoContextTakeover);
        assert.equal(answered.serverMaxWindowBits, accepted.agreed.serverMaxWindowBits);
        assert.ok(answered.clientNoContextTakeover || !accepted.agreed.clientNoContextTakeover);
        assert.ok(answered.clientMaxWindowBits <= accepted.agreed.clientMaxWindowBits);
        for (const wish of [client, server]) {
          assert.ok(answered.serverMaxWindowBits <= (wish.serverMaxWindowBits ?? 15));
          assert.ok(answered.clientMaxWindowBits <= (wish.clientMaxWindowBits ?? 15));
          assert.ok(answered.serverNoContextTakeover || !wish.serverNoContextTakeover);
          assert.ok(answered.clientNoContextTakeover || !wish.clientNoContextTakeover);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
