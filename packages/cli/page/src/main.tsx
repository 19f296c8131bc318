import { render } from "preact";
import { Store, StoreContext } from "./store/store.js";
import { texts } from "./texts/texts.js";

const controlUrl = new URL("control", location.href);
controlUrl.protocol = "ws:";
const store = new Store(controlUrl);

const root = document.getElementById("app");
if (root !== null) {
  render(
    <StoreContext.Provider value={store}>
      <h1>{texts.value.app.title}</h1>
    </StoreContext.Provider>,
    root,
  );
}
