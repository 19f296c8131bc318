import type { Metric } from "./workload.js";

export const messagesPerSecond: Metric = {
  key: "rate",
  unit: "messages/s",
  better: "higher",
  label: "messages a second",
};

export const connectionsPerSecond: Metric = {
  key: "rate",
  unit: "connections/s",
  better: "higher",
  label: "connections a second",
};
