/** A number of bytes for people: `5 B`, `1.2 kB`, `10.0 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = "B";
  for (const larger of ["kB", "MB", "GB", "TB"]) {
    if (value < 999.95) break;
    value /= 1000;
    unit = larger;
  }
  return `${value.toFixed(1)} ${unit}`;
}

/** The time of day, local, with milliseconds: `09:05:01.123`. */
export function formatTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** A duration for people: `0.42 ms`, `12.3 ms`, `1.25 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toPrecision(3)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Milliseconds since 1970, with fractions, on a clock that doesn't jump. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
