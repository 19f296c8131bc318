/** What to tell of a server that can't listen, and what to do about it. */
export function whyNotListening(
  { code, message }: NodeJS.ErrnoException,
  host: string,
  port: number,
): string {
  switch (code) {
    case "EADDRINUSE":
      return `port ${port} of ${host} is in use; --port 0 picks a free one`;
    case "EACCES":
      return `port ${port} of ${host} may not be opened by this user; --port 0 picks another`;
    case "EADDRNOTAVAIL":
      return `${host} is no address of this machine`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${host} has no address`;
    default:
      return `can't listen on port ${port} of ${host}: ${message}`;
  }
}
