/**
 * What a test of an application needs: a proxy with faults, and a server that restarts.
 * @module openline/testing
 */

export type { Direction, Directions } from "./direction.js";
export { type FaultName, type FaultScriptOptions, type FaultStep, runFaultScript } from "./fault-script.js";
export { FaultyProxy, type FaultyProxyOptions } from "./faulty-proxy.js";
export { seededRandom } from "./random.js";
export { RestartingServer, type RestartingServerOptions } from "./restarting-server.js";
