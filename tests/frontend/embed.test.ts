import assert from "node:assert/strict";
import { test } from "node:test";
import { inkOn, isColour } from "../../static/src/embed/colour.ts";

test("a colour is six or three digits and nothing else", () => {
  for (const colour of ["#0a7f5a", "#FFF"]) assert.ok(isColour(colour));
  for (const colour of [undefined, "", "red", "#12345", "#0a7f5a;x:url(//evil)"]) assert.ok(!isColour(colour));
});

test("what is written on it stands out: at least 4.5 to 1 on any colour", () => {
  const part = (share: number): number => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  for (let number = 0; number < 4096; number += 1) {
    const colour = `#${number.toString(16).padStart(3, "0")}`;
    const [red = 0, green = 0, blue = 0] = [...colour.slice(1)].map((digit) => part(parseInt(digit, 16) / 15));
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    const contrast = inkOn(colour) === "#000" ? (light + 0.05) / 0.05 : 1.05 / (light + 0.05);
    assert.ok(contrast >= 4.5, `${colour}: ${contrast}`);
  }
});
