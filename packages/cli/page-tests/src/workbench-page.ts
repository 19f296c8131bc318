import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";

export type Through = "This browser" | "openline on Node.js" | "Both, side by side";

/** How long something may take that takes a moment: a guard for what never comes. */
export const guard = 30_000;

/** The page as a person uses it: by the names of what there is to see. */
export class WorkbenchPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(guard);
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Until the page has heard of its server. */
  async ready(): Promise<void> {
    await this.page.locator("[data-up='true']").waitFor({ state: "attached" });
  }

  async choose(group: string, name: string): Promise<void> {
    await this.page
      .getByRole("radiogroup", { name: group, exact: true })
      .getByRole("radio", { name, exact: true })
      .check();
  }

  async connect(
    through: Through,
    { url, reconnecting = false }: { readonly url?: string; readonly reconnecting?: boolean } = {},
  ): Promise<void> {
    const { page } = this;
    await this.ready();
    await this.choose("Through", through);
    const form = page.locator("form", { has: page.getByRole("heading", { name: "Connect" }) });
    await form
      .getByRole("radio", { name: reconnecting ? "ReconnectingWebSocket" : "WebSocket", exact: true })
      .check();
    if (url !== undefined) await page.getByLabel("URL", { exact: true }).fill(url);
    await page.getByRole("button", { name: /^Connect/ }).click();
  }

  /** A place of the embedded server. */
  async placeUrl(name: string): Promise<string> {
    await this.button(name).click();
    return this.page.getByLabel("URL", { exact: true }).inputValue();
  }

  /** The panel of one of the objects. */
  object(name: Exclude<Through, "Both, side by side">): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** Until the diagram of an object has this state lit, and no other. */
  async stateIs(name: Exclude<Through, "Both, side by side">, state: string): Promise<void> {
    const diagram = this.object(name).getByRole("img", { name: /^States/ });
    await diagram.locator(`[data-state="${state}"][data-current="true"]`).waitFor();
    assert.equal(await diagram.locator("[data-current='true']").count(), 1);
  }

  /** The list of an object's events and calls, the latest first. */
  events(name: Exclude<Through, "Both, side by side">): Locator {
    return this.page.getByRole("list", { name: `Events and calls: ${name}`, exact: true });
  }

  /** Opens the latest of an object's events of this type. @returns its fields, as they are shown */
  async fieldsOf(name: Exclude<Through, "Both, side by side">, what: string): Promise<Map<string, string>> {
    const item = this.events(name).locator(`[data-what="${what}"]`).first();
    await item.waitFor();
    const summary = item.getByRole("button").first();
    if ((await summary.getAttribute("aria-expanded")) === "false") await summary.click();
    const pairs = await item
      .locator("dl > div:not(.event-after)")
      .evaluateAll((rows) =>
        rows.map(
          (row) =>
            [row.querySelector("dt")?.textContent ?? "", row.querySelector("dd")?.textContent ?? ""] as const,
        ),
      );
    return new Map(pairs);
  }

  async sendText(text: string): Promise<void> {
    await this.choose("As", "Text");
    await this.page.getByLabel("Message", { exact: true }).fill(text);
    await this.button("Send").click();
  }

  async openTab(name: "Object" | "Charts" | "Faults" | "Recordings"): Promise<void> {
    await this.page.getByRole("tab", { name, exact: true }).click();
  }

  /** The timeline's rows that there are in the document. */
  get rows(): Locator {
    return this.page.getByRole("listbox", { name: "Timeline" }).getByRole("option");
  }
}
