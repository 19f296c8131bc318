import type { IncomingMessage } from "node:http";
import type {
  Http2SecureServer,
  Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  IncomingHttpHeaders,
  ServerHttp2Stream,
} from "node:http2";

/**
 * Has an HTTP/2 server allow extended CONNECT in the sessions to come, and takes those requests that ask for a
 * WebSocket. Other requests stay with the server. [8441] 3 and 4
 * @returns ends that.
 */
export function takeExtendedConnect(
  server: Http2Server | Http2SecureServer,
  take: (stream: ServerHttp2Stream, request: IncomingMessage) => void,
): () => void {
  const onStream = (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    _flags: number,
    rawHeaders: string[],
  ): void => {
    if (!asksForWebSocket(headers)) return;
    take(stream, toRequest(stream, headers, rawHeaders));
  };
  // For servers with "request" listeners, Node answers CONNECT with 405 unless somebody listens here.
  const onConnect = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    if (asksForWebSocket(request.headers) || server.listenerCount("connect") > 1) return;
    response.statusCode = 405;
    response.end();
  };
  server.updateSettings({ enableConnectProtocol: true });
  server.on("stream", onStream);
  server.on("connect", onConnect);
  return () => {
    server.off("stream", onStream);
    server.off("connect", onConnect);
  };
}

function asksForWebSocket(headers: IncomingHttpHeaders): boolean {
  return headers[":method"] === "CONNECT" && headers[":protocol"] === "websocket";
}

/** A request with all members of an `IncomingMessage`, a few of which Node's class for HTTP/2 lacks. */
function toRequest(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: string[],
): IncomingMessage {
  // Who has an HTTP/2 server has loaded the module.
  const { Http2ServerRequest } = process.getBuiltinModule("node:http2");
  const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
  const distinct: NodeJS.Dict<string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) distinct[name] = [value].flat();
  return Object.assign(request, {
    headersDistinct: distinct,
    trailersDistinct: {},
  }) as unknown as IncomingMessage;
}
