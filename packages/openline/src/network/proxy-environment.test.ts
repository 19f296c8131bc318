import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConnectionError } from "../protocol/connection-error.js";
import { shownProxy } from "./proxy.js";
import { type Environment, proxyFromEnvironment } from "./proxy-environment.js";

function proxyFor(text: string, environment: Environment): string | undefined {
  const url = new URL(text);
  const port = Number(url.port || (url.protocol === "wss:" ? 443 : 80));
  const proxy = proxyFromEnvironment(url, port, environment);
  return proxy === undefined ? undefined : shownProxy(proxy);
}

const all = {
  wss_proxy: "a:1",
  WSS_PROXY: "b:2",
  https_proxy: "c:3",
  HTTPS_PROXY: "d:4",
  all_proxy: "e:5",
  ALL_PROXY: "f:6",
  ws_proxy: "g:7",
  WS_PROXY: "h:8",
  http_proxy: "i:9",
  HTTP_PROXY: "j:10",
};

/** All variables but those before `first`, in the order in which they count. */
function from(names: readonly (keyof typeof all)[], first: number): Environment {
  const left: Record<string, string> = { ...all };
  for (const name of names.slice(0, first)) delete left[name];
  return left;
}

describe("which variable names the proxy", () => {
  const secure = ["wss_proxy", "WSS_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;
  const plain = ["ws_proxy", "WS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] as const;
  for (const [url, names] of [
    ["wss://host.example", secure],
    ["ws://host.example", plain],
  ] as const) {
    for (const [index, name] of names.entries()) {
      test(`${url}: ${name}, where those before it are unset`, () => {
        assert.equal(proxyFor(url, from(names, index)), `http://${all[name]}`);
      });
    }
    test(`${url}: none`, () => assert.equal(proxyFor(url, from(names, names.length)), undefined));
  }

  test("an empty one is as none", () => {
    assert.equal(proxyFor("wss://host.example", { https_proxy: "", ALL_PROXY: "a:1" }), "http://a:1");
  });

  test("HTTP_PROXY is not trusted in a CGI program", () => {
    assert.equal(proxyFor("ws://host.example", { HTTP_PROXY: "a:1", REQUEST_METHOD: "GET" }), undefined);
    assert.equal(proxyFor("ws://host.example", { http_proxy: "a:1", REQUEST_METHOD: "GET" }), "http://a:1");
  });

  test("without a port 1080, over TLS 443", () => {
    assert.equal(
      proxyFor("ws://host.example", { http_proxy: "http://proxy.example" }),
      "http://proxy.example:1080",
    );
    assert.equal(
      proxyFor("ws://host.example", { http_proxy: "https://proxy.example" }),
      "https://proxy.example:443",
    );
  });

  test("one that can't be used is an error that names the variable and hides the password", () => {
    for (const value of ["socks5://me:secret@proxy.example", "http://me:secret@"]) {
      assert.throws(
        () => proxyFor("wss://host.example", { ALL_PROXY: value }),
        (error) => {
          assert.ok(error instanceof ConnectionError);
          assert.equal(error.code, "ERR_WS_PROXY_ENVIRONMENT");
          assert.match(error.message, /ALL_PROXY/);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        },
      );
    }
  });
});

describe("no_proxy", () => {
  const cases: [noProxy: string, url: string, exempt: boolean][] = [
    ["*", "ws://host.example", true],
    [" * ", "ws://host.example", false],
    ["*,other.example", "ws://host.example", false],
    ["host.example", "ws://host.example", true],
    ["host.example", "ws://host.example:8080", true],
    ["HOST.Example", "ws://host.example", true],
    ["host.example.", "ws://host.example", true],
    ["host.example", "ws://host.example.", true],
    ["example", "ws://host.example", true],
    [".example", "ws://host.example", true],
    [".host.example", "ws://host.example", true],
    ["ost.example", "ws://host.example", false],
    ["a.host.example", "ws://host.example", false],
    [".", "ws://host.example", false],
    ["other.example, host.example", "ws://host.example", true],
    ["other.example host.example", "ws://host.example", true],
    ["other.example,\thost.example,", "ws://host.example", true],
    ["host.example:8080", "ws://host.example:8080", true],
    ["host.example:8080", "ws://host.example", false],
    ["host.example:443", "wss://host.example", true],
    ["127.0.0.1", "ws://127.0.0.1:8080", true],
    ["127.0.0.1:8080", "ws://127.0.0.1:8080", true],
    ["127.0.0.1:8081", "ws://127.0.0.1:8080", false],
    ["0.0.1", "ws://127.0.0.1", false],
    ["127.0.0.0/8", "ws://127.1.2.3", true],
    ["10.0.0.0/8,192.168.0.0/16", "ws://192.168.77.1", true],
    ["192.168.0.0/16", "ws://192.169.0.1", false],
    ["192.168.0.0/16", "ws://host.example", false],
    ["192.168.0.128/25", "ws://192.168.0.127", false],
    ["192.168.0.128/25", "ws://192.168.0.129", true],
    ["192.168.0.1/32", "ws://192.168.0.1", true],
    ["192.168.0.1/33", "ws://192.168.0.1", false],
    ["0.0.0.0/0", "ws://192.168.0.1", false],
    ["localhost/8", "ws://127.0.0.1", false],
    ["::1", "ws://[::1]:80", true],
    ["[::1]", "ws://[::1]", true],
    ["[::1]:8080", "ws://[::1]:8080", true],
    ["0:0:0:0:0:0:0:1", "ws://[::1]", true],
    ["fe80::/10", "ws://[fe80::1]", true],
    ["fe80::/10", "ws://[2001:db8::1]", false],
    ["2001:db8::/32", "ws://[2001:db8:1::1]", true],
    ["127.0.0.1", "ws://[::1]", false],
  ];
  for (const [noProxy, url, exempt] of cases) {
    test(`${noProxy}: ${url} ${exempt ? "goes without" : "takes"} the proxy`, () => {
      for (const name of ["no_proxy", "NO_PROXY"]) {
        const found = proxyFor(url, { all_proxy: "a:1", [name]: noProxy });
        assert.equal(found, exempt ? undefined : "http://a:1", name);
      }
    });
  }

  test("the lower-case name counts first", () => {
    const environment = { all_proxy: "a:1", no_proxy: "other.example", NO_PROXY: "host.example" };
    assert.equal(proxyFor("ws://host.example", environment), "http://a:1");
  });
});
