// Strokes on a grid of 16, in the colour of the text.
const paths = {
  connect: "M2 8h3m6 0h3M5 5v6h2a3 3 0 0 0 0-6zm6 0v6",
  line: "M2 4h9m-2.5-2.5L11 4 8.5 6.5M14 12H5m2.5-2.5L5 12l2.5 2.5",
  object: "M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.5 5 8 8l5.5-3M8 8v6",
  charts: "M2 13.5h12M3.5 11 6.5 7l2.5 2.5L13 4",
  faults: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
  recordings: "M3 2.5h7l3 3v8H3zM10 2.5v3h3M5.5 9h5M5.5 11.3h5",
  pause: "M5 3v10M11 3v10",
  play: "M4.5 2.8v10.4L13 8z",
  clear: "M3 4.5h10M6.5 4.5v-2h3v2m-5 0 .6 9h5.8l.6-9",
  down: "M8 3v10m-4-4 4 4 4-4",
  close: "m4 4 8 8m0-8-8 8",
  add: "M8 3v10M3 8h10",
  copy: "M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9m3.3 7.8 3.4 3.4",
  help: "M5.8 6a2.3 2.3 0 1 1 3.4 2c-.8.5-1.2.9-1.2 1.8m0 2.2v.2",
  system: "M2 3h12v8H2zM6 14h4m-2-3v3",
  light:
    "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1m8 8 1 1m0-10-1 1M4 12l-1 1",
  dark: "M13 9.6A5.6 5.6 0 1 1 6.4 3 4.5 4.5 0 0 0 13 9.6",
} as const;

export type IconName = keyof typeof paths;

/** A sign beside or in place of a word; whoever uses it alone gives the name. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
