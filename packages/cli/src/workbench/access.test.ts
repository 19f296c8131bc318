import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Access, newSecret } from "./access.js";

const token = newSecret();
const access = new Access(token, 8090);

describe("newSecret", () => {
  it("is another one each time, of 192 bits that need no escape in a path", () => {
    const secrets = Array.from({ length: 100 }, newSecret);
    assert.equal(new Set(secrets).size, 100);
    for (const secret of secrets) assert.match(secret, /^[\w-]{32}$/);
  });
});

describe("Access", () => {
  it("gives what follows the token in a path", () => {
    assert.equal(access.behindToken(`/${token}/control`), "/control");
    assert.equal(access.behindToken(`/${token}/`), "/");
    assert.equal(access.behindToken(`/${token}`), "");
  });

  for (const path of [
    "",
    "/",
    "/control",
    "//control",
    `/${token}x/control`,
    `/${token.slice(0, -1)}/control`,
    `/${token.toLowerCase()}A/`,
    `/x/../${token}/`,
    `${token}/control`,
    `*${token}/control`,
    `http://127.0.0.1:8090/${token}/`,
    `/%00${token}/`,
    `/${encodeURIComponent(`${token}/`)}`,
  ]) {
    it(`lets nobody in by ${path.replaceAll(token, "TOKEN")}`, () => {
      assert.equal(access.behindToken(path), undefined);
    });
  }

  for (const host of ["127.0.0.1:8090", "localhost:8090", "LocalHost:8090", "[::1]:8090"]) {
    it(`is known as ${host}`, () => assert.ok(access.isOwnHost(host)));
  }

  for (const host of [
    undefined,
    "",
    "127.0.0.1",
    "localhost",
    "127.0.0.1:8091",
    "rebound.example:8090",
    "localhost.rebound.example:8090",
    "127.0.0.1:8090.rebound.example",
    "127.0.0.1:8090@rebound.example",
    "0.0.0.0:8090",
    "127.1:8090",
    "localhost.:8090",
  ]) {
    it(`is not known as ${host}`, () => assert.equal(access.isOwnHost(host), false));
  }

  it("needs no port in the name where it has the default one", () => {
    assert.ok(new Access(token, 80).isOwnHost("localhost"));
  });

  it("takes only the page of the very host that was asked as its own", () => {
    assert.ok(access.isOwnOrigin("http://localhost:8090", "localhost:8090"));
    assert.ok(access.isOwnOrigin("http://127.0.0.1:8090", "127.0.0.1:8090"));
    for (const origin of [
      undefined,
      "null",
      "",
      "https://localhost:8090",
      "http://localhost",
      "http://localhost:8091",
      "http://127.0.0.1:8090",
      "http://localhost:8090/",
      "http://rebound.example:8090",
    ]) {
      assert.equal(access.isOwnOrigin(origin, "localhost:8090"), false, origin);
    }
    assert.equal(access.isOwnOrigin("http://rebound.example:8090", "rebound.example:8090"), false);
  });

  it("tells requests that another site's page has made", () => {
    const host = "127.0.0.1:8090";
    const own = { host, origin: undefined, site: undefined, destination: undefined };
    for (const caller of [
      own,
      { ...own, site: "none", destination: "document" },
      { ...own, site: "same-origin", destination: "empty" },
      { ...own, origin: `http://${host}`, site: "same-origin", destination: "script" },
      // A link that was followed shows the page to its user alone.
      { ...own, site: "cross-site", destination: "document" },
    ]) {
      assert.equal(access.isForeign(caller), false, JSON.stringify(caller));
    }
    for (const caller of [
      { ...own, origin: "https://rebound.example" },
      { ...own, origin: "null" },
      { ...own, origin: "http://127.0.0.1:3000", site: "same-site", destination: "empty" },
      { ...own, site: "same-site", destination: "image" },
      { ...own, site: "cross-site", destination: "iframe" },
      { ...own, site: "cross-site", destination: "websocket" },
      { ...own, site: "cross-site" },
    ]) {
      assert.equal(access.isForeign(caller), true, JSON.stringify(caller));
    }
  });
});
