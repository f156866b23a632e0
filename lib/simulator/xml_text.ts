/** Escapes a text for an element of XML. Characters that XML cannot hold stay. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  ).replace(
    /[\t\n\r\x7F-\x9F]/g,
    (control) => `&#${control.codePointAt(0)};`,
  );
}

/** Escapes a text for an attribute in double quotes. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;");
}
