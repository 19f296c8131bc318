import { useEffect } from "preact/hooks";
import { useStore } from "../store/store.js";
import { texts } from "../texts/texts.js";
import { Announcer } from "./announcer.js";
import { Header } from "./header.js";
import { HelpDialog } from "./help-dialog.js";
import { Icon } from "./icon.js";
import { layout } from "./layout.js";
import { Panel } from "./panel.js";
import { Tabs } from "./tabs.js";
import { view, viewsOf } from "./views.js";
import "./app.css";

/** The page: side by side what there's room for, the rest behind tabs. */
export function App() {
  const { app } = texts.value;
  const { hello, control, sessions } = useStore();
  const mode = hello.value?.mode ?? "workbench";
  const width = layout.value;
  useEffect(() => {
    document.title = mode === "inspect" ? app.inspectTitle : app.title;
  }, [mode, app]);
  const names = viewsOf(mode, width);
  const chosen = names.find((name) => name === view.value) ?? names[0] ?? "line";
  const tabs = (
    <Tabs
      label={app.tabs}
      tabs={names.map((name) => ({ name, label: texts.value.views[name], icon: <Icon name={name} /> }))}
      chosen={chosen}
      onChoose={(name) => {
        view.value = name;
      }}
    >
      <Panel name={chosen} />
    </Tabs>
  );
  return (
    <div class="app" data-layout={width} data-sessions={sessions.value.length}>
      {width === "wide" && (
        <a class="skip" href="#line">
          {app.skip}
        </a>
      )}
      <Header />
      {hello.value !== undefined && !control.isUp.value && (
        <p class="app-gone" role="alert">
          {app.gone}
        </p>
      )}
      {width !== "narrow" && (
        <aside class="app-side" aria-label={texts.value.views.connect}>
          <Panel name="connect" />
        </aside>
      )}
      {width === "wide" && (
        <main class="app-main">
          <Panel name="line" />
        </main>
      )}
      {width === "wide" ? (
        <aside class="app-tabs" aria-label={app.tabs}>
          {tabs}
        </aside>
      ) : (
        <main class="app-tabs">{tabs}</main>
      )}
      <HelpDialog />
      <Announcer />
    </div>
  );
}
