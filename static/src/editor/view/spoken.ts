// What React Flow says to who listens, in the page's language.

import { t } from "../../i18n/t.ts";

const NODE = t("The node is chosen. Delete removes it, Escape lets it go.");

export const SPOKEN = {
  "node.a11yDescription.default": NODE,
  "node.a11yDescription.keyboardDisabled": NODE,
  "edge.a11yDescription.default": t("A wire between two nodes."),
  "controls.ariaLabel": t("Canvas"),
  "controls.zoomIn.ariaLabel": t("Zoom in"),
  "controls.zoomOut.ariaLabel": t("Zoom out"),
  "controls.fitView.ariaLabel": t("Show everything"),
};
