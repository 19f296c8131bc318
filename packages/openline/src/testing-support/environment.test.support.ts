import type { TestContext } from "node:test";

const proxyVariables = ["ws", "wss", "http", "https", "all", "no"].flatMap((name) => [
  `${name}_proxy`,
  `${name.toUpperCase()}_PROXY`,
]);

/** Has the environment name these proxies and no others, until the end of the test. */
export function withEnvironment(context: TestContext, proxies: Readonly<Record<string, string>>): void {
  const before = proxyVariables.map((name) => [name, process.env[name]] as const);
  for (const name of proxyVariables) delete process.env[name];
  Object.assign(process.env, proxies);
  context.after(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
