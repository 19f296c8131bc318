import { ReconnectingWebSocket } from "openline/reconnecting";
import { type Readable, readable } from "svelte/store";

export interface News {
  readonly isUp: boolean;
  readonly text: string;
}

/** A store: `$news.text` in a component. The line is there as long as somebody subscribes. */
export function createNews(url: string): Readable<News> {
  return readable<News>({ isUp: false, text: "" }, (_set, update) => {
    const socket = new ReconnectingWebSocket(url);
    socket.onup = () => update((news) => ({ ...news, isUp: true }));
    socket.ondown = () => update((news) => ({ ...news, isUp: false }));
    socket.onmessage = ({ data }) => update((news) => ({ ...news, text: String(data) }));
    return () => socket.close();
  });
}
