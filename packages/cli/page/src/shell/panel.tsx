import { ConnectPanel } from "../connect/connect-panel.js";
import { FaultsPanel } from "../faults/faults-panel.js";
import { ConnectionList } from "../inspect/connection-list.js";
import { LinePanel } from "../line/line-panel.js";
import { ObjectPanel } from "../object/object-panel.js";
import { RecordingsPanel } from "../recordings/recordings-panel.js";
import { SendPanel } from "../send/send-panel.js";
import { useStore } from "../store/store.js";
import { ChartsPanel } from "./charts-panel.js";
import type { View } from "./views.js";

/** What stands behind a tab, or beside. */
export function Panel({ name }: { readonly name: View }) {
  const isInspecting = useStore().hello.value?.mode === "inspect";
  switch (name) {
    case "connect":
      if (isInspecting) return <ConnectionList />;
      return (
        <>
          <ConnectPanel />
          <SendPanel />
        </>
      );
    case "line":
      return <LinePanel />;
    case "object":
      return <ObjectPanel />;
    case "charts":
      return <ChartsPanel />;
    case "faults":
      return <FaultsPanel />;
    case "recordings":
      return <RecordingsPanel />;
  }
}
