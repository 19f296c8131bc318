/** The constants' names, by value. */
export const stateNames = ["CONNECTING", "OPEN", "CLOSING", "CLOSED"] as const;
