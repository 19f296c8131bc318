import { ReconnectingWebSocket } from "openline/reconnecting";
import { useEffect, useSyncExternalStore } from "react";

const socket = new ReconnectingWebSocket("wss://example.org/news");
let latest = "";
socket.addEventListener("message", ({ data }) => {
  latest = String(data);
});

/** Calls back whenever what the component shows may have changed. */
function subscribe(changed: () => void): () => void {
  const events = new AbortController();
  for (const type of ["up", "down", "message"]) {
    socket.addEventListener(type, changed, { signal: events.signal });
  }
  return () => events.abort();
}

export function News() {
  const isUp = useSyncExternalStore(subscribe, () => socket.readyState === socket.OPEN);
  const news = useSyncExternalStore(subscribe, () => latest);
  useEffect(() => socket.send("subscribe"), []);
  return (
    <p>
      {isUp ? "connected" : "reconnecting"}: {news}
    </p>
  );
}
