import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { runCommand } from "../testing-support/command.test.support.js";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";
import {
  echoServer,
  http2EchoServer,
  httpProxy,
  type ServerPeer,
  secureEchoServer,
  selfSignedCertificate,
  suiteScope,
} from "../testing-support/peers.test.support.js";

const folder = temporaryFolder();

/** A file of the folder with this content, and its path. */
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("openline connect, used wrongly", { concurrency: 2 }, () => {
  const missing = join(folder, "missing.pem");
  const text = file("text.txt", "no certificate\n");
  const headers = file("headers.txt", "X-Fine: yes\n\n# a comment\nnonsense here\n");
  mkdirSync(join(folder, "directory"));

  const misuses: { args: string[]; said: RegExp; hidden?: string }[] = [
    { args: ["ftp://host"], said: /scheme is "ftp", but must be "ws", "wss"/ },
    { args: ["ws://"], said: /URL "ws:\/\/" is not a valid absolute URL/ },
    { args: ["ws://host/#part"], said: /URL "ws:\/\/host\/#part" has a fragment/ },
    { args: ["ws://user:secret@"], said: /is not a valid/, hidden: "secret" },
    { args: [":1", "--subprotocol", "a b"], said: /^openline: --subprotocol "a b": expected a name without/ },
    { args: [":1", "-s", "a", "-s", "A"], said: /^openline: --subprotocol "A": .* only once/ },
    { args: [":1", "--header", "Token"], said: /^openline: --header "Token…": expected "Name: value"/ },
    { args: [":1", "--header", "secret word"], said: /--header "secret…"/, hidden: "word" },
    {
      args: [":1", "--header", "A b: secret"],
      said: /--header "A b: …": its name or value/,
      hidden: "secret",
    },
    {
      args: [":1", "--header", "Host: other"],
      said: /--header has the header Host, which belongs to the opening/,
    },
    {
      args: [":1", "--header", `@${missing}`],
      said: /--header "@?.*missing.pem": can't be read \(no such file/,
    },
    {
      args: [":1", "--header", `@${headers}`],
      said: /--header "@.*headers.txt", line 4, "nonsense…": expected/,
    },
    { args: [":1", "--origin", "example.com"], said: /--origin "example.com": expected an origin such as/ },
    {
      args: [":1", "--origin", "null", "--header", "Origin: x"],
      said: /Origin, which the option origin gives/,
    },
    { args: [":1", "--auth", "secret"], said: /--auth: expected user:password/, hidden: "secret" },
    { args: [":1", "--auth", `@${missing}`], said: /--auth ".*": can't be read/ },
    {
      args: [":1", "--auth", "a:b", "-H", "authorization: c"],
      said: /--auth: a --header gives Authorization/,
    },
    {
      args: ["ws://a:b@host", "--auth", "a:b"],
      said: /--auth: the URL has a user name and password as well/,
    },
    {
      args: [":1", "--proxy", "ftp://a:secret@b"],
      said: /--proxy "…@b": expected "env", or a URL/,
      hidden: "secret",
    },
    { args: [":1", "--proxy", "socks5://b:1080"], said: /its scheme is "socks5", not "http" or "https"\n/ },
    {
      args: [":1", "--ca", missing],
      said: /--ca ".*missing.pem": can't be read \(no such file or directory\)/,
    },
    {
      args: [":1", "--ca", join(folder, "directory")],
      said: /--ca ".*directory": can't be read \(illegal operation/,
    },
    { args: [":1", "--ca", text], said: /--ca ".*text.txt": expected certificates in PEM form/ },
    { args: [":1", "--cert", missing], said: /--cert ".*missing.pem": can't be read/ },
    { args: [":1", "--cert", text], said: /--cert ".*text.txt": there is no private key in it/ },
    {
      args: [":1", "--cert", text, "--key", text],
      said: /--cert ".*text.txt": expected certificates in PEM/,
    },
    { args: [":1", "--key", text], said: /--key ".*text.txt": expected --cert with it/ },
    {
      args: [":1", "--count", "0"],
      said: /'-c, --count <n>' argument '0' is invalid. Expected a whole number from 1/,
    },
    { args: [":1", "--count", "many"], said: /'many' is invalid. Expected a whole number/ },
    {
      args: [":1", "--wait=-1"],
      said: /'--?w?.*wait <seconds>' argument '-1' is invalid. Expected a number of seconds/,
    },
    { args: [":1", "--timeout", "soon"], said: /argument 'soon' is invalid. Expected a number of seconds/ },
    { args: [":1", "--timeout", "forever"], said: /argument 'forever' is invalid/ },
    { args: [":1", "--record", join(missing, "x.har")], said: /--record ".*x.har": can't be written/ },
    { args: [":1", "--record", folder], said: /--record ".*": can't be written \(.* is a folder\)/ },
    { args: [":1", "--insecure=yes"], said: /--insecure/ },
    { args: [":1", "--jsn"], said: /unknown option '--jsn' \(Did you mean --json\?\)/ },
  ];
  for (const { args, said, hidden } of misuses) {
    const shown = args.map((arg) => arg.replace(folder, "…")).join(" ");
    it(`says what is wrong, and ends with 2: ${shown}`, async () => {
      const { code, stdout, stderr } = await runCommand(["connect", ...args]);
      assert.match(stderr, /^openline: .*\n$/, "one line");
      assert.match(stderr, said);
      if (hidden !== undefined) assert.equal(stderr.includes(hidden), false, "a secret is shown");
      assert.equal(code, 2);
      assert.equal(stdout, "");
    });
  }
});

describe("openline connect, its options", () => {
  let requests: IncomingMessage[] = [];
  let peer: ServerPeer;
  const scope = suiteScope();

  before(async () => {
    peer = await echoServer(
      scope,
      (socket, request) => {
        requests.push(request);
        socket.send(socket.extensions === "" ? "plain" : "deflate");
      },
      { handleProtocols: (names) => (names.has("two") ? "two" : false) },
    );
  });

  async function requestWith(...args: string[]): Promise<IncomingMessage> {
    requests = [];
    const { code, stderr } = await runCommand(["connect", peer.url, "--count", "1", ...args]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    const [request] = requests;
    assert.ok(request);
    return request;
  }

  it("gives headers, also from a file, and the origin", async () => {
    const more = file("more.txt", "X-Two: 2\r\n# none\nX-Three:3\n");
    const { headers } = await requestWith(
      "-H",
      "X-One: a: b",
      "--header",
      `@${more}`,
      "--origin",
      "https://example.com",
    );
    assert.deepEqual(
      [headers["x-one"], headers["x-two"], headers["x-three"], headers.origin],
      ["a: b", "2", "3", "https://example.com"],
    );
  });

  it("logs in, also from a file", async () => {
    const basic = `Basic ${Buffer.from("ann:p:w").toString("base64")}`;
    assert.equal((await requestWith("--auth", "ann:p:w")).headers.authorization, basic);
    const secret = file("secret.txt", "ann:p:w\n");
    assert.equal((await requestWith("--auth", `@${secret}`)).headers.authorization, basic);
  });

  it("asks for subprotocols, and shows the one that the server chose", async () => {
    const { stdout } = await runCommand([
      ...["connect", peer.url, "--json", "--count", "1"],
      ...["-s", "one", "--subprotocol", "two"],
    ]);
    assert.equal(JSON.parse(stdout.split("\n")[0] ?? "").protocol, "two");
  });

  it("offers compression, or not", async () => {
    assert.equal((await runCommand(["connect", peer.url, "--count", "1"])).stdout, "deflate\n");
    assert.equal((await runCommand(["connect", peer.url, "--count", "1", "--no-deflate"])).stdout, "plain\n");
  });

  it("takes URLs as people write them", async () => {
    for (const url of [`127.0.0.1:${peer.port}`, `http://127.0.0.1:${peer.port}/path`]) {
      const { stdout, stderr } = await runCommand(["connect", url, "--count", "1"]);
      assert.deepEqual({ stdout, stderr }, { stdout: "deflate\n", stderr: "" });
    }
  });

  it("goes through a proxy, and says what that wants", async (t) => {
    const proxy = await httpProxy(t, "ann:secret");
    const args = ["connect", peer.url, "--count", "1", "--proxy"];
    const passed = await runCommand([...args, `http://ann:secret@127.0.0.1:${proxy.port}`]);
    assert.deepEqual([passed.code, passed.stdout], [0, "deflate\n"]);
    assert.deepEqual(proxy.targets, [`127.0.0.1:${peer.port}`]);
    const named = await runCommand([...args, "env"], {
      env: { http_proxy: `http://ann:secret@127.0.0.1:${proxy.port}`, no_proxy: "" },
    });
    assert.deepEqual([named.code, named.stdout], [0, "deflate\n"]);
    const refused = await runCommand([...args, `http://ann:wrong-one@127.0.0.1:${proxy.port}`]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /ERR_WS_PROXY_AUTHENTICATION\): --proxy http:\/\/user:password@host:port/);
    assert.equal(refused.stderr.includes("wrong-one"), false);
  });

  it("speaks HTTP/2, and says what to do where the server doesn't", async (t) => {
    const { url } = await http2EchoServer(t);
    const args = ["--http2", "--insecure", "--json", "--count", "1"];
    const { code, stdout } = await runCommand(["connect", url, ...args], { stdin: "a\n" });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout.split("\n")[0] ?? "").httpVersion, "2.0");
    const other = await secureEchoServer(t);
    const refused = await runCommand(["connect", other.url, ...args]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /: without --http2 it is HTTP\/1\.1\n$/);
  });

  it("trusts an authority, or takes any certificate; without, says what to do", async (t) => {
    const secure = await secureEchoServer(t);
    const args = ["connect", secure.url, "--count", "1"];
    const refused = await runCommand(args, { stdin: "a\n" });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^openline: .*self-signed certificate.*: --ca FILE .*--insecure .*\n$/);
    const ca = file("ca.pem", secure.cert);
    for (const more of [["--ca", ca], ["--insecure"]]) {
      const { code, stdout } = await runCommand([...args, ...more], { stdin: "a\n" });
      assert.deepEqual({ code, stdout }, { code: 0, stdout: "a\n" });
    }
  });

  it("shows a certificate of its own", async (t) => {
    const client = await selfSignedCertificate();
    const secure = await secureEchoServer(t, undefined, { requestCert: true, ca: client.cert });
    const args = ["connect", secure.url, "--count", "1", "--insecure"];
    assert.equal((await runCommand(args, { stdin: "a\n" })).code, 1);
    const cert = file("client.pem", client.cert);
    const key = file("client.key", client.key);
    const both = file("both.pem", client.cert + client.key);
    for (const more of [
      ["--cert", cert, "--key", key],
      ["--cert", both],
    ]) {
      const { code, stdout } = await runCommand([...args, ...more], { stdin: "a\n" });
      assert.deepEqual({ code, stdout }, { code: 0, stdout: "a\n" });
    }
    const { stderr, code } = await runCommand([...args, "--cert", cert, "--key", file("x.key", secure.key)]);
    assert.match(stderr, /^openline: --key ".*x\.key": expected the private key of the certificate/);
    assert.equal(code, 2);
  });
});
