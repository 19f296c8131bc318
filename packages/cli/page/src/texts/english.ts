/** What the page says, in English: the measure of all other languages. */
export const english = {
  title: "openline workbench",
};
