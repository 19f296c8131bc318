/** What passed within one second. */
export interface TrafficSecond {
  /** Seconds since 1970. */
  readonly second: number;
  readonly sentMessages: number;
  readonly receivedMessages: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly bufferedAmount: number;
  /** Milliseconds; absent in a second without a pong. */
  readonly roundTrip: number | undefined;
}

export interface ChartData {
  /** Seconds since 1970, one after the other. */
  readonly seconds: readonly number[];
  readonly sentMessages: readonly number[];
  readonly receivedMessages: readonly number[];
  readonly sentBytes: readonly number[];
  readonly receivedBytes: readonly number[];
  readonly bufferedAmount: readonly number[];
  /** Round trips are known for some seconds only. */
  readonly roundTrip: readonly (number | null)[];
}

/**
 * The columns of a chart that ends with the second `last`. Nothing passed in the seconds that `traffic` leaves out, so
 * they are 0; what waited to be sent stays as it was.
 */
export function chartData(traffic: readonly TrafficSecond[], last: number, span: number): ChartData {
  const seconds: number[] = [];
  const rows: (TrafficSecond | undefined)[] = [];
  let index = traffic.findLastIndex(({ second }) => second <= last - span) + 1;
  for (let second = last - span + 1; second <= last; second++) {
    seconds.push(second);
    const row = traffic[index];
    rows.push(row?.second === second ? row : undefined);
    if (row?.second === second) index++;
  }
  let buffered = 0;
  return {
    seconds,
    sentMessages: rows.map((row) => row?.sentMessages ?? 0),
    receivedMessages: rows.map((row) => row?.receivedMessages ?? 0),
    sentBytes: rows.map((row) => row?.sentBytes ?? 0),
    receivedBytes: rows.map((row) => row?.receivedBytes ?? 0),
    bufferedAmount: rows.map((row) => {
      buffered = row?.bufferedAmount ?? buffered;
      return buffered;
    }),
    roundTrip: rows.map((row) => row?.roundTrip ?? null),
  };
}
