// The colour that a page asks for, and the one to write on it.

export function isColour(text: string | undefined): text is string {
  return /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text ?? "");
}

/** Black or white, whichever stands out more: WCAG 2.2, relative luminance. */
export function inkOn(colour: string): "#000" | "#fff" {
  const digits = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit) : (colour.slice(1).match(/../g) ?? []);
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => {
    const share = parseInt(pair, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}
