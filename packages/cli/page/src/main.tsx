import "./styles/tokens.css";
import "./styles/base.css";
import { render } from "preact";
import { App } from "./shell/app.js";
import { listenToKeys } from "./shell/shortcuts.js";
import { Store, StoreContext } from "./store/store.js";

const controlUrl = new URL("control", location.href);
controlUrl.protocol = "ws:";
const store = new Store(controlUrl);
listenToKeys(store);

const root = document.getElementById("app");
if (root !== null) {
  render(
    <StoreContext.Provider value={store}>
      <App />
    </StoreContext.Provider>,
    root,
  );
}
