import process from "node:process";

// A reader that has seen enough (`| head`) is no failure. Where nothing is to be put in order, the process just ends.
let whenClosed = (): void => process.exit();

/** Looks after stdout from now on. */
export function watchOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // EIO: the terminal is gone.
    if (error.code === "EPIPE" || error.code === "EIO") whenClosed();
    else throw error;
  });
}

/** What is done, in place of ending the process, once nobody reads stdout any more. */
export function onOutputClosed(callback: () => void): void {
  whenClosed = callback;
}
