import type { ServeFlags } from "../commands/serve.js";
import { UsageError } from "../exit.js";

/** [9110] 5.6.2 */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** @throws UsageError for a value that can't be right; what a file holds is looked at where it's read. */
export function checkFlags({ host, subprotocol = [], allowOrigin = [], saveCert, tls }: ServeFlags): void {
  if (host === "") throw new UsageError('--host "": expected an address, such as 127.0.0.1');
  for (const name of subprotocol) {
    if (!token.test(name)) throw new UsageError(`--subprotocol "${name}": expected a name such as chat.v1`);
  }
  for (const origin of allowOrigin) {
    if (origin !== "null" && !(URL.canParse(origin) && new URL(origin).origin === origin)) {
      throw new UsageError(`--allow-origin "${origin}": expected an origin such as http://localhost:3000`);
    }
  }
  if (saveCert !== undefined && !tls)
    throw new UsageError(`--save-cert "${saveCert}": expected --tls with it`);
}
