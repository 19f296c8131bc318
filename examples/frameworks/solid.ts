import { ReconnectingWebSocket } from "openline/reconnecting";
import { type Accessor, createSignal, onCleanup } from "solid-js";

/** Signals that a component shows, for as long as it is there. */
export function createNews(url: string): {
  isUp: Accessor<boolean>;
  news: Accessor<string>;
  send(message: string): void;
} {
  const socket = new ReconnectingWebSocket(url);
  const [isUp, setUp] = createSignal(false);
  const [news, setNews] = createSignal("");
  socket.onup = () => setUp(true);
  socket.ondown = () => setUp(false);
  socket.onmessage = ({ data }) => setNews(String(data));
  onCleanup(() => socket.close());
  return { isUp, news, send: (message) => socket.send(message) };
}
