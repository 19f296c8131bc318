/** Which way bytes go. */
export type Direction = "to-server" | "to-client";
/** What a fault is about. */
export type Directions = Direction | "both";

export function includes(directions: Directions, direction: Direction): boolean {
  return directions === "both" || directions === direction;
}
