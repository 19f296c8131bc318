/**
 * What a test of an application needs: a proxy with faults, a server that restarts, and somebody who watches the line.
 * @module openline/testing
 */

export { ConnectionObserver, type ConnectionObserverOptions } from "./connection-observer.js";
export type { Direction, Directions } from "./direction.js";
export { type FaultName, type FaultScriptOptions, type FaultStep, runFaultScript } from "./fault-script.js";
export { FaultyProxy, type FaultyProxyOptions } from "./faulty-proxy.js";
export type {
  ObservedEnd,
  ObservedEvent,
  ObservedFrame,
  ObservedHeaders,
  ObservedProblem,
  ObservedRequest,
  ObservedResponse,
} from "./observed-event.js";
export type { InPlaceOfServer, PassageObserver } from "./passage-observer.js";
export { seededRandom } from "./random.js";
export { RestartingServer, type RestartingServerOptions } from "./restarting-server.js";
