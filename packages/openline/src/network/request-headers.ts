import type { DialOptions } from "./dial-options.js";
import { basicAuthorization } from "./proxy.js";

/** The program's headers, and the credentials of the URL where there are no others. */
export function programHeaders({ url, headers }: DialOptions): (readonly [name: string, value: string])[] {
  const list = [...headers];
  const chosen = headers.some(([name]) => name.toLowerCase() === "authorization");
  if ((url.username !== "" || url.password !== "") && !chosen) {
    list.push(["Authorization", basicAuthorization(url.username, url.password)]);
  }
  return list;
}
