import { ReconnectingWebSocket } from "openline/reconnecting";
import { onScopeDispose, type Ref, readonly, ref } from "vue";

/** What a component shows, for as long as it is there. */
export function useNews(url: string): {
  isUp: Readonly<Ref<boolean>>;
  news: Readonly<Ref<string>>;
  send(message: string): void;
} {
  const socket = new ReconnectingWebSocket(url);
  const isUp = ref(false);
  const news = ref("");
  socket.onup = () => {
    isUp.value = true;
  };
  socket.ondown = () => {
    isUp.value = false;
  };
  socket.onmessage = ({ data }) => {
    news.value = String(data);
  };
  onScopeDispose(() => socket.close());
  return { isUp: readonly(isUp), news: readonly(news), send: (message) => socket.send(message) };
}
